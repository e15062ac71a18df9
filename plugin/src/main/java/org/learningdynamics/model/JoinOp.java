package org.learningdynamics.model;

import java.util.List;
import java.util.stream.IntStream;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays of one shape side by side along a new first axis, then with the axes in another order. */
final class JoinOp extends JavaOp {
    private final int[] order;

    /**
     * A join.
     *
     * @param order axis k of the result is axis {@code order[k]} of the arrays together
     */
    JoinOp(int[] order) {
        super("java_join");
        this.order = order.clone();
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray together = outputs.get(0).permute(back());
        for (int part = 0; part < inputs.size(); part++) {
            HostCopies.copy(inputs.get(part), together.slice(part));
        }
    }

    /** The order that undoes the order. */
    private int[] back() {
        int[] back = new int[order.length];
        IntStream.range(0, order.length).forEach(axis -> back[order[axis]] = axis);
        return back;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        long[] part = inputs.get(0).shape();
        long[] together = new long[part.length + 1];
        together[0] = inputs.size();
        System.arraycopy(part, 0, together, 1, part.length);
        return List.of(PermuteOp.permuted(together, order));
    }
}
