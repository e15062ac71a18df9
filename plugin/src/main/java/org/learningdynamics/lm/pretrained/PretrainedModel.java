package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.safetensors.SafetensorsFolder;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Models from checkpoint folders in the layout of Hugging Face's libraries, and back: {@code
 * config.json} with {@code model.safetensors}, or with shards and their index.
 *
 * <p>Reading and writing take no memory beyond the model's arrays and a block of bounded size:
 * tensors are transposed and rearranged while they are copied.
 */
public final class PretrainedModel {
    /** Largest sum of the tensors of one file that {@link #save} writes, in bytes. */
    public static final long MAX_SHARD_BYTES = 5_000_000_000L;

    /** What stands beside the weights and is copied as it is, where there is any. */
    private static final List<String> COMPANIONS =
            List.of(
                    "config.json",
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "tokenizer.model",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.json",
                    "merges.txt",
                    "chat_template.jinja",
                    "chat_template.json");

    private PretrainedModel() {}

    /**
     * Reads a checkpoint.
     *
     * @param folder configuration and weights
     * @param type FLOAT or DOUBLE; half-precision weights are widened exactly
     * @return the model, for rows as long as the checkpoint has positions
     * @throws PretrainedException if an option is not supported, or naming all tensors that are
     *     missing, surplus, or have another shape or no floating-point numbers
     * @throws IOException if a file cannot be read or is damaged
     */
    public static DecoderModel load(Path folder, DataType type) throws IOException {
        return load(PretrainedConfig.read(folder), type);
    }

    /**
     * Reads the weights for a configuration, such as one with a smaller {@link
     * PretrainedConfig#withMaxLength}.
     *
     * @param config a folder's configuration
     * @param type FLOAT or DOUBLE
     * @return the model
     * @throws PretrainedException naming all tensors that are missing, surplus, or have another
     *     shape or no floating-point numbers
     * @throws IOException if a file cannot be read or is damaged
     */
    public static DecoderModel load(PretrainedConfig config, DataType type) throws IOException {
        DecoderConfig decoder = config.changed(config.decoder().maxLength(), type);
        try (SafetensorsFolder store = SafetensorsFolder.open(config.folder())) {
            return DecoderModel.of(decoder, WeightReader.read(config, decoder, store));
        }
    }

    /**
     * Writes a model as a checkpoint that Python's libraries load: under the names, in the layouts
     * and element types of the checkpoint it came from, with that checkpoint's configuration and
     * tokenizer beside it. Weights that the folder held before are replaced once the new ones are
     * complete on the disk.
     *
     * @param model a model of the source's shape, without adapters; see {@link DecoderModel#merged}
     * @param folder where to, made if it does not exist; may be the source itself
     * @param source the checkpoint folder that the model came from
     * @throws PretrainedException if the source is not supported
     * @throws IllegalArgumentException if the model has adapters or another shape than the source
     * @throws IllegalStateException if a weight is beyond the range of its type in the file
     * @throws IOException if a file cannot be read or written
     */
    public static void save(DecoderModel model, Path folder, Path source) throws IOException {
        write(model, folder, source, TensorInfo::type);
    }

    /**
     * Writes a model as {@link #save(DecoderModel, Path, Path)} does, with one element type for all
     * tensors. The option {@code torch_dtype} of the copied configuration stays as it is.
     *
     * @param model a model of the source's shape, without adapters
     * @param folder where to
     * @param source the checkpoint folder that the model came from
     * @param type F64, F32, F16 or BF16; F32 keeps what small steps changed
     * @throws PretrainedException if the source is not supported
     * @throws IllegalArgumentException if the model has adapters or another shape than the source
     * @throws IllegalStateException if a weight is beyond the range of the type
     * @throws IOException if a file cannot be read or written
     */
    public static void save(DecoderModel model, Path folder, Path source, TensorType type)
            throws IOException {
        write(model, folder, source, tensor -> type);
    }

    /** The element type in the new file for a tensor of the source. */
    @FunctionalInterface
    private interface Types {
        TensorType of(TensorInfo source);
    }

    private static void write(DecoderModel model, Path folder, Path source, Types types)
            throws IOException {
        PretrainedConfig config = PretrainedConfig.read(source);
        check(model, config);
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        try (SafetensorsFolder store = SafetensorsFolder.open(source)) {
            for (TensorView view : WeightReader.checked(config, store)) {
                INDArray array = WeightReader.present(model.parameters(), view.parameter());
                TensorInfo tensor = WeightReader.present(store.tensors(), view.tensor());
                writer.tensor(view.tensor(), types.of(tensor), view.of(array), view.dimensions());
            }
        }
        copyCompanions(source, folder);
        writer.writeFolder(folder, MAX_SHARD_BYTES);
    }

    private static void check(DecoderModel model, PretrainedConfig config) {
        if (model.adapters().isPresent()) {
            throw new IllegalArgumentException(
                    "model must have no adapters (merge them), got " + model.adapters().get());
        }
        DecoderConfig own = model.config();
        DecoderConfig expected = config.changed(own.maxLength(), own.dataType());
        boolean isLonger = own.maxLength() > config.decoder().maxLength();
        if (isLonger || !own.equals(expected)) {
            throw new IllegalArgumentException(
                    "model must have the configuration of %s, %s, got %s"
                            .formatted(config.folder(), config.decoder(), own));
        }
    }

    /**
     * Copies what stands beside the weights: configuration, tokenizer, chat template.
     *
     * @param source the checkpoint folder
     * @param folder where to, made if it does not exist
     * @throws IOException if a file cannot be read or written
     */
    public static void copyCompanions(Path source, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : COMPANIONS) {
            Path from = source.resolve(name);
            Path to = folder.resolve(name);
            if (Files.exists(from) && !(Files.exists(to) && Files.isSameFile(from, to))) {
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
