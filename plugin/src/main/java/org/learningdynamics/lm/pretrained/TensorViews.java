package org.learningdynamics.lm.pretrained;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Collects the views of a whole model, by the few layouts that checkpoints have. */
final class TensorViews {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final Map<String, long[]> shapes;
    private final List<TensorView> views = new ArrayList<>();

    TensorViews(DecoderConfig config) {
        shapes = DecoderModel.parameterShapes(config);
    }

    List<TensorView> all() {
        return Collections.unmodifiableList(views);
    }

    /** A table, in the same layout on both sides. */
    void table(String tensor, String parameter) {
        long[] shape = shape(parameter);
        add(tensor + WEIGHT, parameter, UnaryOperator.identity(), shape[0], shape[1]);
    }

    /** Gain and, if the model has it, shift. */
    void norm(String tensor, String parameter) {
        vector(tensor + WEIGHT, parameter);
        if (shapes.containsKey(parameter + "_bias")) {
            vector(tensor + BIAS, parameter + "_bias");
        }
    }

    /** A map whose matrix is [out, in] in the file, with its bias if the model has one. */
    void linear(String tensor, String matrix) {
        long[] shape = shape(matrix);
        add(tensor + WEIGHT, matrix, INDArray::transpose, shape[1], shape[0]);
        bias(tensor, matrix);
    }

    /** A map whose matrix is [in, out] in the file, with its bias if the model has one. */
    void convolution(String tensor, String matrix) {
        table(tensor, matrix);
        bias(tensor, matrix);
    }

    /**
     * Queries, keys and values in one matrix whose rows go by head first and then by q, k, v; ours
     * has q, k, v first and then heads.
     */
    void interleaved(String tensor, String matrix, DecoderConfig config) {
        long[] shape = shape(matrix);
        long heads = config.heads();
        long width = config.headWidth();
        add(
                tensor + WEIGHT,
                matrix,
                array -> array.reshape(shape[0], 3, heads, width).permute(2, 1, 3, 0),
                shape[1],
                shape[0]);
        String bias = biasOf(matrix);
        if (shapes.containsKey(bias)) {
            add(
                    tensor + BIAS,
                    bias,
                    array -> array.reshape(3, heads, width).permute(1, 0, 2),
                    shape[1]);
        }
    }

    private void bias(String tensor, String matrix) {
        if (shapes.containsKey(biasOf(matrix))) {
            vector(tensor + BIAS, biasOf(matrix));
        }
    }

    /** {@code wo} has {@code bo}. */
    private static String biasOf(String matrix) {
        int letter = matrix.lastIndexOf('/') + 1;
        return matrix.substring(0, letter) + "b" + matrix.substring(letter + 1);
    }

    private void vector(String tensor, String parameter) {
        add(tensor, parameter, UnaryOperator.identity(), shape(parameter)[1]);
    }

    private void add(String tensor, String parameter, UnaryOperator<INDArray> view, long... shape) {
        views.add(TensorView.of(tensor, parameter, view, shape));
    }

    private long[] shape(String parameter) {
        long[] shape = shapes.get(parameter);
        if (shape == null) {
            throw new IllegalStateException("the model has no parameter " + parameter);
        }
        return shape;
    }
}
