package org.learningdynamics.lm.pretrained;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A tensor of a file as a view of a parameter.
 *
 * @param tensor its name in the file
 * @param shape its shape in the file
 * @param parameter the parameter's name in the model
 * @param view the view of the parameter whose values, in row order, are the tensor's
 */
record TensorView(String tensor, List<Long> shape, String parameter, UnaryOperator<INDArray> view) {
    static TensorView of(
            String tensor, String parameter, UnaryOperator<INDArray> view, long... shape) {
        return new TensorView(tensor, Arrays.stream(shape).boxed().toList(), parameter, view);
    }

    INDArray of(INDArray array) {
        return view.apply(array);
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
