package org.learningdynamics.lm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A decoder in a safetensors file: the configuration is the metadata. */
final class DecoderFile {
    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "learning-dynamics-decoder";
    private static final String VERSION = "version";
    private static final String FIRST_VERSION = "1";
    private static final String CURRENT_VERSION = "2";
    private static final String NOTE = "note.";

    private DecoderFile() {}

    static void write(DecoderModel model, Map<String, String> notes, Path file) throws IOException {
        Map<String, String> metadata = metadata(model.config());
        notes.forEach((name, value) -> metadata.put(NOTE + name, value));
        Map<String, INDArray> tensors = new LinkedHashMap<>(model.base().parameters());
        model.adapters()
                .ifPresent(
                        lora -> {
                            metadata.putAll(AdapterFile.metadata(lora));
                            tensors.putAll(model.parameters());
                        });
        SafetensorsWriter writer = new SafetensorsWriter();
        metadata.forEach(writer::metadata);
        boolean isSingle = model.config().dataType() == DataType.FLOAT;
        TensorType type = isSingle ? TensorType.F32 : TensorType.F64;
        tensors.forEach((name, array) -> writer.tensor(name, type, array));
        writer.write(file);
    }

    static Map<String, String> notes(Path file) throws IOException {
        Map<String, String> notes = new LinkedHashMap<>();
        try (Safetensors content = Safetensors.open(file)) {
            content.metadata()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith(NOTE)) {
                                    notes.put(name.substring(NOTE.length()), value);
                                }
                            });
        }
        return Collections.unmodifiableMap(notes);
    }

    static DecoderConfig configuration(Path file) throws IOException {
        try (Safetensors content = Safetensors.open(file)) {
            return config(content.metadata());
        } catch (DamagedFileException | IllegalArgumentException wrong) {
            throw new IOException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    static DecoderModel read(Path file) throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        try (Safetensors content = Safetensors.open(file)) {
            for (TensorInfo tensor : content.tensors().values()) {
                tensors.put(tensor.name(), content.read(tensor.name(), type(tensor)));
            }
            return model(content.metadata(), tensors);
        } catch (DamagedFileException | IllegalArgumentException wrong) {
            tensors.values().forEach(INDArray::close);
            throw new IOException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    private static DataType type(TensorInfo tensor) throws IOException {
        return switch (tensor.type()) {
            case F32 -> DataType.FLOAT;
            case F64 -> DataType.DOUBLE;
            default ->
                    throw new DamagedFileException(
                            "tensor %s must be F32 or F64, got %s"
                                    .formatted(tensor.name(), tensor.type()));
        };
    }

    private static DecoderModel model(Map<String, String> metadata, Map<String, INDArray> tensors)
            throws IOException {
        DecoderConfig config = config(metadata);
        Map<String, INDArray> parameters = new LinkedHashMap<>(tensors);
        Optional<LoraConfig> lora = AdapterFile.lora(metadata);
        if (lora.isEmpty()) {
            return DecoderModel.of(config, parameters);
        }
        parameters.keySet().removeIf(DecoderWeights::isAdapter);
        DecoderModel adapted = DecoderModel.of(config, parameters).adapt(lora.get());
        for (Map.Entry<String, INDArray> adapter : adapted.parameters().entrySet()) {
            INDArray saved = tensors.get(adapter.getKey());
            if (saved == null || !saved.equalShapes(adapter.getValue())) {
                throw new DamagedFileException(
                        "tensor "
                                + adapter.getKey()
                                + " must have the shape "
                                + Arrays.toString(adapter.getValue().shape()));
            }
            adapter.getValue().assign(saved);
            saved.close();
        }
        return adapted;
    }

    private static Map<String, String> metadata(DecoderConfig config) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(FORMAT, FORMAT_NAME);
        all.put(VERSION, CURRENT_VERSION);
        all.put("vocabularySize", Integer.toString(config.vocabularySize()));
        all.put("width", Integer.toString(config.width()));
        all.put("layers", Integer.toString(config.layers()));
        all.put("heads", Integer.toString(config.heads()));
        all.put("feedForwardWidth", Integer.toString(config.feedForwardWidth()));
        all.put("maxLength", Integer.toString(config.maxLength()));
        all.put("head", config.head().name());
        all.put("activation", config.activation().name());
        all.put("rotaryBase", Double.toString(config.rotaryBase()));
        all.put("dataType", config.dataType().name());
        all.put("seed", Long.toString(config.seed()));
        all.put("keyValueHeads", Integer.toString(config.keyValueHeads()));
        all.put("headWidth", Integer.toString(config.headWidth()));
        all.putAll(metadata(config.architecture()));
        return all;
    }

    private static DecoderConfig config(Map<String, String> metadata) throws IOException {
        String format = metadata.getOrDefault(FORMAT, "none");
        String version = metadata.getOrDefault(VERSION, "none");
        boolean isFirst = version.equals(FIRST_VERSION);
        if (!format.equals(FORMAT_NAME) || !(isFirst || version.equals(CURRENT_VERSION))) {
            throw new DamagedFileException(
                    "format must be "
                            + FORMAT_NAME
                            + " version "
                            + CURRENT_VERSION
                            + ", got "
                            + format
                            + " version "
                            + version);
        }
        DecoderConfig.Builder builder = sizes(metadata);
        return isFirst
                ? builder.build()
                : builder.keyValueHeads(Integer.parseInt(text(metadata, "keyValueHeads")))
                        .headWidth(Integer.parseInt(text(metadata, "headWidth")))
                        .architecture(architecture(metadata))
                        .build();
    }

    private static Map<String, String> metadata(DecoderArchitecture family) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("norm", family.norm().name());
        all.put("normEpsilon", Double.toString(family.normEpsilon()));
        all.put("positions", family.positions().name());
        all.put("rotaryFraction", Double.toString(family.rotaryFraction()));
        all.put("rotaryScale", Double.toString(family.rotaryScale()));
        all.put("feedForward", family.feedForward().name());
        all.put("parallelResidual", Boolean.toString(family.parallelResidual()));
        all.put("separateProjections", Boolean.toString(family.separateProjections()));
        all.put("queryKeyValueBias", Boolean.toString(family.queryKeyValueBias()));
        all.put("attentionOutputBias", Boolean.toString(family.attentionOutputBias()));
        all.put("feedForwardBias", Boolean.toString(family.feedForwardBias()));
        return all;
    }

    private static DecoderArchitecture architecture(Map<String, String> metadata)
            throws IOException {
        return DecoderArchitecture.builder()
                .norm(NormKind.valueOf(text(metadata, "norm")))
                .normEpsilon(Double.parseDouble(text(metadata, "normEpsilon")))
                .positions(PositionKind.valueOf(text(metadata, "positions")))
                .rotaryFraction(Double.parseDouble(text(metadata, "rotaryFraction")))
                .rotaryScale(Double.parseDouble(text(metadata, "rotaryScale")))
                .feedForward(FeedForwardKind.valueOf(text(metadata, "feedForward")))
                .parallelResidual(flag(metadata, "parallelResidual"))
                .separateProjections(flag(metadata, "separateProjections"))
                .queryKeyValueBias(flag(metadata, "queryKeyValueBias"))
                .attentionOutputBias(flag(metadata, "attentionOutputBias"))
                .feedForwardBias(flag(metadata, "feedForwardBias"))
                .build();
    }

    private static boolean flag(Map<String, String> metadata, String name) throws IOException {
        String text = text(metadata, name);
        if (!text.equals("true") && !text.equals("false")) {
            throw new DamagedFileException(name + " must be true or false, got " + text);
        }
        return text.equals("true");
    }

    private static DecoderConfig.Builder sizes(Map<String, String> metadata) throws IOException {
        return DecoderConfig.builder(Integer.parseInt(text(metadata, "vocabularySize")))
                .width(Integer.parseInt(text(metadata, "width")))
                .layers(Integer.parseInt(text(metadata, "layers")))
                .heads(Integer.parseInt(text(metadata, "heads")))
                .feedForwardWidth(Integer.parseInt(text(metadata, "feedForwardWidth")))
                .maxLength(Integer.parseInt(text(metadata, "maxLength")))
                .head(HeadKind.valueOf(text(metadata, "head")))
                .activation(Activation.valueOf(text(metadata, "activation")))
                .rotaryBase(Double.parseDouble(text(metadata, "rotaryBase")))
                .dataType(DataType.valueOf(text(metadata, "dataType")))
                .seed(Long.parseLong(text(metadata, "seed")));
    }

    private static String text(Map<String, String> metadata, String name) throws IOException {
        String value = metadata.get(name);
        if (value == null) {
            throw new DamagedFileException("metadata lacks " + name);
        }
        return value;
    }
}
