package org.learningdynamics.lm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A decoder in a safetensors file: the configuration is the metadata. */
final class DecoderFile {
    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "learning-dynamics-decoder";
    private static final String VERSION = "version";
    private static final String CURRENT_VERSION = "1";
    private static final String NOTE = "note.";

    private DecoderFile() {}

    static void write(DecoderModel model, Map<String, String> notes, Path file) throws IOException {
        Map<String, String> metadata = metadata(model.config());
        notes.forEach((name, value) -> metadata.put(NOTE + name, value));
        new SafetensorsFile(metadata, model.parameters()).write(file);
    }

    static Map<String, String> notes(Path file) throws IOException {
        Map<String, String> notes = new LinkedHashMap<>();
        SafetensorsFile.metadata(file)
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(NOTE)) {
                                notes.put(name.substring(NOTE.length()), value);
                            }
                        });
        return Collections.unmodifiableMap(notes);
    }

    static DecoderModel read(Path file) throws IOException {
        SafetensorsFile content = SafetensorsFile.read(file);
        try {
            DecoderConfig config = config(content.metadata());
            check(config, content.tensors());
            Map<String, INDArray> ordered = new LinkedHashMap<>();
            DecoderParameters.specifications(config)
                    .forEach(
                            s ->
                                    ordered.put(
                                            s.name(),
                                            DecoderParameters.get(content.tensors(), s.name())));
            return new DecoderModel(config, Collections.unmodifiableMap(ordered));
        } catch (DamagedFileException | IllegalArgumentException wrong) {
            content.tensors().values().forEach(INDArray::close);
            throw new IOException(file + ": " + wrong.getMessage(), wrong);
        }
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
        return all;
    }

    private static DecoderConfig config(Map<String, String> metadata) throws IOException {
        String format = metadata.getOrDefault(FORMAT, "none");
        String version = metadata.getOrDefault(VERSION, "none");
        if (!format.equals(FORMAT_NAME) || !version.equals(CURRENT_VERSION)) {
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
                .seed(Long.parseLong(text(metadata, "seed")))
                .build();
    }

    private static String text(Map<String, String> metadata, String name) throws IOException {
        String value = metadata.get(name);
        if (value == null) {
            throw new DamagedFileException("metadata lacks " + name);
        }
        return value;
    }

    private static void check(DecoderConfig config, Map<String, INDArray> tensors)
            throws IOException {
        for (DecoderParameters.Specification parameter : DecoderParameters.specifications(config)) {
            INDArray array = tensors.get(parameter.name());
            if (array == null) {
                throw new DamagedFileException("tensor " + parameter.name() + " is missing");
            }
            if (!Arrays.equals(array.shape(), parameter.shape())
                    || array.dataType() != config.dataType()) {
                throw new DamagedFileException(
                        "tensor "
                                + parameter.name()
                                + " must be "
                                + config.dataType()
                                + " "
                                + Arrays.toString(parameter.shape())
                                + ", got "
                                + array.dataType()
                                + " "
                                + Arrays.toString(array.shape()));
            }
        }
    }
}
