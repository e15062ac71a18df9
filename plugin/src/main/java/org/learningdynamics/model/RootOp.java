package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code r = 1/√(mean(c²) + ε)} of a {@link Norm}, from x [n, d] to [n, 1]. */
final class RootOp extends JavaOp {
    private final Norm norm;

    RootOp(Norm norm) {
        super("java_root");
        this.norm = norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        int length = Math.toIntExact(inputs.get(0).size(1));
        HostRows.run(inputs.get(0).size(0), () -> kernel(length), inputs, outputs);
    }

    private HostRows.Kernel kernel(int length) {
        float[] row = new float[length];
        return (in, out, rows) -> {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(in[0], i * length, row, 0, length);
                out[0][i] = (float) norm.centre(row, row, length);
            }
        };
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(new long[] {inputs.get(0).size(0), 1});
    }
}
