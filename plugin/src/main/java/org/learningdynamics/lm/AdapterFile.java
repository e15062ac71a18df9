package org.learningdynamics.lm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Low-rank adapters in a safetensors file: their description is the metadata. */
final class AdapterFile {
    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "learning-dynamics-adapter";
    private static final String PREFIX = "lora.";

    private AdapterFile() {}

    static void write(DecoderModel adapted, Path file) throws IOException {
        LoraConfig lora =
                adapted.adapters()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "a model must have adapters to save them, has"
                                                        + " none"));
        SafetensorsWriter writer = new SafetensorsWriter().metadata(FORMAT, FORMAT_NAME);
        metadata(lora).forEach(writer::metadata);
        boolean isSingle = adapted.config().dataType() == DataType.FLOAT;
        TensorType type = isSingle ? TensorType.F32 : TensorType.F64;
        adapted.parameters().forEach((name, array) -> writer.tensor(name, type, array));
        writer.write(file);
    }

    static DecoderModel read(DecoderModel base, Path file) throws IOException {
        try (Safetensors content = Safetensors.open(file)) {
            Map<String, String> metadata = content.metadata();
            String format = metadata.getOrDefault(FORMAT, "none");
            if (!format.equals(FORMAT_NAME)) {
                throw new DamagedFileException("format must be " + FORMAT_NAME + ", got " + format);
            }
            LoraConfig lora =
                    lora(metadata)
                            .orElseThrow(
                                    () -> new DamagedFileException("metadata lacks lora.rank"));
            DecoderModel adapted = base.adapt(lora);
            requireSame(adapted, content.tensors());
            for (Map.Entry<String, INDArray> adapter : adapted.parameters().entrySet()) {
                content.readInto(adapter.getKey(), adapter.getValue());
            }
            return adapted;
        } catch (DamagedFileException | IllegalArgumentException wrong) {
            throw new IOException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void requireSame(DecoderModel adapted, Map<String, TensorInfo> tensors)
            throws IOException {
        if (!tensors.keySet().equals(adapted.parameters().keySet())) {
            throw new DamagedFileException(
                    "tensors must be "
                            + new TreeSet<>(adapted.parameters().keySet())
                            + ", got "
                            + new TreeSet<>(tensors.keySet()));
        }
        for (Map.Entry<String, INDArray> adapter : adapted.parameters().entrySet()) {
            TensorInfo tensor = tensors.get(adapter.getKey());
            if (tensor == null || !tensor.shape().equals(shape(adapter.getValue()))) {
                throw new DamagedFileException(
                        "tensor "
                                + adapter.getKey()
                                + " must have the shape "
                                + Arrays.toString(adapter.getValue().shape()));
            }
        }
    }

    private static List<Long> shape(INDArray array) {
        return Arrays.stream(array.shape()).boxed().toList();
    }

    static Map<String, String> metadata(LoraConfig lora) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(PREFIX + "rank", Integer.toString(lora.rank()));
        all.put(PREFIX + "alpha", Double.toString(lora.alpha()));
        all.put(
                PREFIX + "targets",
                lora.targets().stream().map(Enum::name).collect(Collectors.joining(",")));
        all.put(PREFIX + "seed", Long.toString(lora.seed()));
        return all;
    }

    /** Empty if the metadata tell of no adapters. */
    static Optional<LoraConfig> lora(Map<String, String> metadata) throws IOException {
        if (!metadata.containsKey(PREFIX + "rank")) {
            return Optional.empty();
        }
        Set<LoraTarget> targets =
                Arrays.stream(text(metadata, "targets").split(",", -1))
                        .map(LoraTarget::valueOf)
                        .collect(Collectors.toSet());
        return Optional.of(
                new LoraConfig(
                        Integer.parseInt(text(metadata, "rank")),
                        Double.parseDouble(text(metadata, "alpha")),
                        targets,
                        Long.parseLong(text(metadata, "seed"))));
    }

    private static String text(Map<String, String> metadata, String name) throws IOException {
        String value = metadata.get(PREFIX + name);
        if (value == null) {
            throw new DamagedFileException("metadata lacks " + PREFIX + name);
        }
        return value;
    }
}
