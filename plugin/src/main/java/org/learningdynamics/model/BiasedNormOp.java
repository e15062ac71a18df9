package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y + b} of a {@link Norm}, from x, gain and b; one pass over memory. */
final class BiasedNormOp extends JavaOp {
    private final Norm norm;

    BiasedNormOp(Norm norm) {
        super("java_biased_norm");
        this.norm = norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        float[] gain = HostRows.values(inputs.get(1));
        RowBias bias = new RowBias(inputs.get(2));
        HostRows.run(x.length() / gain.length, () -> kernel(gain, bias), List.of(x), outputs);
    }

    private HostRows.Kernel kernel(float[] gain, RowBias bias) {
        int length = gain.length;
        float[] row = new float[length];
        float[] centred = new float[length];
        return (in, out, rows) -> {
            for (int from = 0; from < rows * length; from += length) {
                System.arraycopy(in[0], from, row, 0, length);
                float r = (float) norm.centre(row, centred, length);
                Norm.scale(centred, r, gain, row);
                bias.add(row, 1);
                System.arraycopy(row, 0, out[0], from, length);
            }
        };
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
