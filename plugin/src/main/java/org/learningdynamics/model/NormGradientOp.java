package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code ∂x} of a {@link Norm} from ∂y, x and gain, and from what else flows back to x, if that is
 * given; one pass over memory.
 */
final class NormGradientOp extends JavaOp {
    private final Norm norm;

    NormGradientOp(Norm norm) {
        super("java_norm_gradient");
        this.norm = norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        float[] gain = HostRows.values(inputs.get(2));
        List<INDArray> rows = new ArrayList<>(inputs);
        rows.remove(2);
        long count = inputs.get(0).length() / gain.length;
        HostRows.run(count, () -> new Rows(norm, gain), rows, outputs);
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }

    private static final class Rows implements HostRows.Kernel {
        private final Norm norm;
        private final float[] gain;
        private final float[] above;
        private final float[] row;
        private final float[] centred;

        Rows(Norm norm, float[] gain) {
            this.norm = norm;
            this.gain = gain;
            above = new float[gain.length];
            row = new float[gain.length];
            centred = new float[gain.length];
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            int length = gain.length;
            for (int from = 0; from < rows * length; from += length) {
                System.arraycopy(inputs[0], from, above, 0, length);
                System.arraycopy(inputs[1], from, row, 0, length);
                double r = norm.centre(row, centred, length);
                norm.gradient(centred, r, gain, above, row);
                if (inputs.length > 2) {
                    System.arraycopy(inputs[2], from, above, 0, length);
                    add(above, row);
                }
                System.arraycopy(row, 0, outputs[0], from, length);
            }
        }

        private static void add(float[] x, float[] sum) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += x[j];
            }
        }
    }
}
