package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of one term of a sum, from that of the sum and from the term, of which only the
 * shape is read: summed over what the term was repeated along.
 */
final class SumToOp extends JavaOp {
    SumToOp() {
        super("java_sum_to");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray gradient = inputs.get(0);
        INDArray target = outputs.get(0);
        if (Arrays.equals(gradient.shape(), target.shape())) {
            target.assign(gradient);
            return;
        }
        try (INDArray sum = gradient.sum(repeated(gradient, target))) {
            target.assign(sum.reshape(target.shape()));
        }
    }

    private static int[] repeated(INDArray gradient, INDArray term) {
        int more = gradient.rank() - term.rank();
        return IntStream.range(0, gradient.rank())
                .filter(i -> i < more || term.size(i - more) != gradient.size(i))
                .toArray();
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(1).shape());
    }
}
