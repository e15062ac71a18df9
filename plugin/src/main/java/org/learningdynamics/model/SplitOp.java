package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The slices along the first axis of an array with its axes in another order. */
final class SplitOp extends JavaOp {
    private final int[] order;
    private final int parts;

    /**
     * An op of its own for each length of the axis.
     *
     * @param order axis k of what is sliced is axis {@code order[k]} of the input
     * @param parts how long the first of them is
     */
    SplitOp(int[] order, int parts) {
        super("java_split");
        this.order = order.clone();
        this.parts = parts;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray permuted = inputs.get(0).permute(order);
        for (int part = 0; part < parts; part++) {
            HostCopies.copy(permuted.slice(part), outputs.get(part));
        }
    }

    @Override
    public int getNumOutputs() {
        return parts;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        long[] permuted = PermuteOp.permuted(inputs.get(0).shape(), order);
        return Collections.nCopies(parts, Arrays.copyOfRange(permuted, 1, permuted.length));
    }
}
