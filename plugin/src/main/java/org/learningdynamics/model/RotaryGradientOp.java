package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of a {@link RotaryOp}, {@code ∂x = ∂y∘c + (∂y∘s)·Rᵀ}, from ∂y, c, s and x, of which
 * only the shape is read; one pass over memory.
 */
final class RotaryGradientOp extends JavaOp {
    private final Rotation back;

    RotaryGradientOp(Rotation rotation) {
        super("java_rotary_gradient");
        back = rotation.transposed();
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        List<INDArray> given = inputs.subList(0, 3);
        INDArray above = inputs.get(0);
        List<INDArray> whole = RotaryOp.repeated(given, above.shape());
        INDArray x = inputs.get(3);
        if (x.length() == above.length()) {
            run(whole, outputs);
        } else {
            try (INDArray all = above.ulike()) {
                run(whole, List.of(all));
                new SumToOp().compute(List.of(all, x), outputs);
            }
        }
        RotaryOp.close(whole, given);
    }

    private void run(List<INDArray> inputs, List<INDArray> outputs) {
        long rows = inputs.get(0).length() / back.size();
        HostRows.run(rows, () -> new Rows(back), inputs, outputs);
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(3).shape());
    }

    private static final class Rows implements HostRows.Kernel {
        private final Rotation back;
        private float[] factors = new float[0];
        private float[] moved = new float[0];
        private float[] product = new float[0];

        Rows(Rotation back) {
            this.back = back;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            int count = rows * back.size();
            if (moved.length < count) {
                moved = new float[count];
                product = new float[count];
                factors = back.factors(rows);
            }
            multiply(inputs[0], inputs[2], count);
            back.move(product, moved, rows);
            add(inputs[0], inputs[1], outputs[0], count);
        }

        private void multiply(float[] x, float[] y, int count) {
            for (int i = 0; i < count; i++) {
                product[i] = x[i] * y[i];
            }
        }

        private void add(float[] above, float[] cos, float[] target, int count) {
            for (int i = 0; i < count; i++) {
                target[i] = above[i] * cos[i] + factors[i] * moved[i];
            }
        }
    }
}
