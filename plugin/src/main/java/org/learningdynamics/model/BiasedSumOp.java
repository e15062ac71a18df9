package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y = z + (x + b)}, from x [n, d], z [n, d] and b [d]; one pass over memory. */
final class BiasedSumOp extends JavaOp {
    BiasedSumOp() {
        super("java_biased_sum");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        RowBias bias = new RowBias(inputs.get(2));
        HostRows.run(x.length() / bias.length(), () -> kernel(bias), inputs.subList(0, 2), outputs);
    }

    private static HostRows.Kernel kernel(RowBias bias) {
        return (in, out, rows) -> {
            bias.add(in[0], rows);
            add(in[0], in[1], out[0], rows * bias.length());
        };
    }

    private static void add(float[] x, float[] z, float[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = z[i] + x[i];
        }
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
