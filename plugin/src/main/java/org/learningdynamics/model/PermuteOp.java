package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An array with its axes in another order: axis k of the result is axis {@code order[k]}. */
final class PermuteOp extends JavaOp {
    private final int[] order;

    PermuteOp(int[] order) {
        super("java_permute");
        this.order = order.clone();
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        HostCopies.copy(inputs.get(0).permute(order), outputs.get(0));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(permuted(inputs.get(0).shape(), order));
    }

    static long[] permuted(long[] shape, int[] order) {
        return Arrays.stream(order).mapToLong(axis -> shape[axis]).toArray();
    }
}
