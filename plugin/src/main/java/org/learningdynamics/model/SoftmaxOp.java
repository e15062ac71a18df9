package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Softmax over one dimension. Over the last one it is one pass over memory, with a relative error
 * below {@code 3e-7 + 7e-8·(max z − z)}, the latter from rounding that difference; shares below
 * 1e-34 may be 0. Other dimensions are left to ND4J.
 */
final class SoftmaxOp extends JavaOp {
    private final int dimension;

    SoftmaxOp(int dimension) {
        super("java_softmax");
        this.dimension = dimension;
    }

    int dimension() {
        return dimension;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray z = inputs.get(0);
        if (isLast(dimension, z)) {
            int length = Math.toIntExact(z.size(-1));
            HostRows.run(z.length() / length, () -> kernel(length), inputs, outputs);
        } else {
            Nd4j.exec(new SoftMax(z, outputs.get(0), dimension));
        }
    }

    static boolean isLast(int dimension, INDArray array) {
        return array.rank() > 0 && (dimension == -1 || dimension == array.rank() - 1);
    }

    private static HostRows.Kernel kernel(int length) {
        SoftmaxRows softmax = new SoftmaxRows();
        return (in, out, rows) -> softmax.probabilities(in[0], out[0], length, rows);
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }
}
