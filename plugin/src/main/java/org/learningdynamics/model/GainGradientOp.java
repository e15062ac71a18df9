package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code ∂g} [1, d] of a {@link Norm} from ∂y and x; one pass over memory. */
final class GainGradientOp extends JavaOp {
    private final Norm norm;

    GainGradientOp(Norm norm) {
        super("java_gain_gradient");
        this.norm = norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(1);
        int length = Math.toIntExact(x.size(-1));
        List<Rows> parts =
                HostRows.run(x.length() / length, () -> new Rows(norm, length), inputs, List.of());
        List<ColumnSumsOp.Sums> sums = parts.stream().map(part -> part.sums).toList();
        ColumnSumsOp.Sums.write(sums, length, outputs.get(0));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(new long[] {1, inputs.get(1).size(-1)});
    }

    private static final class Rows implements HostRows.Kernel {
        private final Norm norm;
        private final ColumnSumsOp.Sums sums;
        private final float[] above;
        private final float[] row;
        private final float[] centred;

        Rows(Norm norm, int length) {
            this.norm = norm;
            sums = new ColumnSumsOp.Sums(length);
            above = new float[length];
            row = new float[length];
            centred = new float[length];
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            int length = row.length;
            for (int from = 0; from < rows * length; from += length) {
                System.arraycopy(inputs[0], from, above, 0, length);
                System.arraycopy(inputs[1], from, row, 0, length);
                float r = (float) norm.centre(row, centred, length);
                Norm.scale(centred, r, above, row);
                sums.add(row);
            }
            sums.flush();
        }
    }
}
