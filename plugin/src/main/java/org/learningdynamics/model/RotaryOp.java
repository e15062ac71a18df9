package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code y = x∘c + (x·R)∘s} of a {@link Rotation} R, from x, c and s, each [n, h] or repeated along
 * n; one pass over memory. An x·R of 0·∞ is not a number, as that of a product is not.
 */
final class RotaryOp extends JavaOp {
    private final Rotation rotation;

    RotaryOp(Rotation rotation) {
        super("java_rotary");
        this.rotation = rotation;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray target = outputs.get(0);
        List<INDArray> whole = repeated(inputs, target.shape());
        long rows = target.length() / rotation.size();
        HostRows.run(rows, () -> new Rows(rotation), whole, outputs);
        close(whole, inputs);
    }

    /** Arrays of one shape; those that have it are not copied. */
    static List<INDArray> repeated(List<INDArray> arrays, long[] shape) {
        List<INDArray> whole = new ArrayList<>();
        for (INDArray array : arrays) {
            whole.add(Arrays.equals(array.shape(), shape) ? array : array.broadcast(shape));
        }
        return whole;
    }

    /** Frees what others were copied to. */
    static void close(List<INDArray> copies, List<INDArray> originals) {
        for (int i = 0; i < copies.size(); i++) {
            if (copies.get(i) != originals.get(i)) {
                copies.get(i).close();
            }
        }
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        Optional<long[]> shape = Optional.of(inputs.get(0).shape());
        for (INDArray table : inputs.subList(1, 3)) {
            shape = KnownShapes.broadcast(shape, Optional.of(table.shape()));
        }
        return List.of(shape.orElseThrow());
    }

    private static final class Rows implements HostRows.Kernel {
        private final Rotation rotation;
        private float[] factors = new float[0];
        private float[] moved = new float[0];

        Rows(Rotation rotation) {
            this.rotation = rotation;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            int count = rows * rotation.size();
            if (moved.length < count) {
                moved = new float[count];
                factors = rotation.factors(rows);
            }
            rotation.move(inputs[0], moved, rows);
            add(inputs[0], inputs[1], inputs[2], outputs[0], count);
        }

        private void add(float[] x, float[] cos, float[] sin, float[] y, int count) {
            for (int i = 0; i < count; i++) {
                y[i] = x[i] * cos[i] + factors[i] * moved[i] * sin[i];
            }
        }
    }
}
