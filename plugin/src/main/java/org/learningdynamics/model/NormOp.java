package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code y} of a {@link Norm} from x and gain; one pass over memory. */
final class NormOp extends JavaOp {
    private final Norm norm;

    NormOp(Norm norm) {
        super("java_norm");
        this.norm = norm;
    }

    Norm norm() {
        return norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        float[] gain = HostRows.values(inputs.get(1));
        HostRows.run(x.length() / gain.length, () -> kernel(gain), List.of(x), outputs);
    }

    private HostRows.Kernel kernel(float[] gain) {
        int length = gain.length;
        float[] row = new float[length];
        float[] centred = new float[length];
        return (in, out, rows) -> {
            for (int from = 0; from < rows * length; from += length) {
                System.arraycopy(in[0], from, row, 0, length);
                float r = (float) norm.centre(row, centred, length);
                Norm.scale(centred, r, gain, row);
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
