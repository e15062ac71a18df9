package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorStore;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reads a checkpoint's weights into arrays of the model's names and shapes. */
final class WeightReader {
    private static final String EMBEDDING = "tok_embedding";

    private WeightReader() {}

    static Map<String, INDArray> read(
            PretrainedConfig config, DecoderConfig decoder, TensorStore store) throws IOException {
        List<TensorView> views = checked(config, store);
        Map<String, long[]> shapes = DecoderModel.parameterShapes(decoder);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        boolean complete = false;
        try {
            shapes.forEach(
                    (name, shape) ->
                            arrays.put(name, Nd4j.createUninitialized(decoder.dataType(), shape)));
            for (TensorView view : views) {
                store.readInto(view.tensor(), view.of(present(arrays, view.parameter())));
            }
            checkTiedHead(config, store, present(arrays, EMBEDDING));
            complete = true;
            return arrays;
        } finally {
            if (!complete) {
                arrays.values().forEach(INDArray::close);
            }
        }
    }

    static <T> T present(Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalStateException("nothing has the name " + name);
        }
        return found;
    }

    /** Views of all parameters, once the file is known to hold exactly them. */
    static List<TensorView> checked(PretrainedConfig config, TensorStore store)
            throws PretrainedException {
        Map<String, TensorInfo> tensors = store.tensors();
        int layers = config.decoder().layers();
        if (layers > tensors.size()) {
            throw new PretrainedException(
                    config.folder(),
                    "weights must have %d layers, got %d tensors"
                            .formatted(layers, tensors.size()));
        }
        List<TensorView> views = config.views(tensors.keySet());
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        Set<String> surplus = new LinkedHashSet<>(tensors.keySet());
        for (TensorView view : views) {
            TensorInfo tensor = tensors.get(view.tensor());
            surplus.remove(view.tensor());
            if (tensor == null) {
                missing.add(view.tensor());
            } else if (!tensor.shape().equals(view.shape()) || !tensor.type().isReadable()) {
                misshaped.add(
                        "%s is %s %s, not %s"
                                .formatted(
                                        view.tensor(),
                                        tensor.type(),
                                        tensor.shape(),
                                        view.shape()));
            }
        }
        surplus.removeIf(name -> isKnown(config, name));
        refuse(config, missing, List.copyOf(surplus), misshaped);
        return views;
    }

    private static boolean isKnown(PretrainedConfig config, String tensor) {
        boolean isTiedHead =
                config.decoder().head() == HeadKind.TIED && tensor.equals(tiedHead(config));
        return isTiedHead || config.family().isTable(tensor);
    }

    private static String tiedHead(PretrainedConfig config) {
        return config.family().head() + ".weight";
    }

    private static void refuse(
            PretrainedConfig config,
            List<String> missing,
            List<String> surplus,
            List<String> misshaped)
            throws PretrainedException {
        List<String> problems = new ArrayList<>();
        add(problems, "missing", missing);
        add(problems, "surplus", surplus);
        add(problems, "of another shape or type", misshaped);
        if (!problems.isEmpty()) {
            throw new PretrainedException(
                    config.folder(),
                    "weights must be those of config.json; " + String.join("; ", problems));
        }
    }

    private static void add(List<String> problems, String kind, List<String> names) {
        if (!names.isEmpty()) {
            problems.add(names.size() + " " + kind + ": " + Names.some(names));
        }
    }

    /** Some files hold a tied head twice; then both must be equal. */
    private static void checkTiedHead(
            PretrainedConfig config, TensorStore store, INDArray embedding) throws IOException {
        String name = tiedHead(config);
        if (config.decoder().head() != HeadKind.TIED || !store.tensors().containsKey(name)) {
            return;
        }
        DataType type = embedding.dataType();
        try (INDArray head = store.read(name, type)) {
            if (!head.equalsWithEps(embedding, 0)) {
                throw new PretrainedException(
                        config.folder(),
                        "tensor " + name + " must equal the embedding it is tied to");
            }
        }
    }
}
