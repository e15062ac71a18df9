package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.safetensors.TensorStore;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reads a checkpoint's weights into arrays of the model's names and shapes. */
final class WeightReader {
    static final String WEIGHT = ".weight";

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
        int layers = config.decoder().layers();
        int count = store.tensors().size();
        if (layers > count) {
            throw new PretrainedException(
                    config.folder(),
                    "weights must have %d layers, got %d tensors".formatted(layers, count));
        }
        List<TensorView> views = config.views(store.tensors().keySet());
        new WeightCheck(config, store.tensors()).check(views);
        return views;
    }

    private static String tiedHead(PretrainedConfig config) {
        return config.family().head() + WEIGHT;
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
