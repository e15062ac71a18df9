package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums over all rows, of {@code […, c]} to a given shape of length c; one pass over memory. */
final class ColumnSumsOp extends JavaOp {
    private final long[] shape;

    ColumnSumsOp(long... shape) {
        super("java_column_sums");
        this.shape = shape.clone();
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        int columns = Math.toIntExact(x.size(-1));
        List<Sums> parts =
                HostRows.run(x.length() / columns, () -> new Sums(columns), inputs, List.of());
        Sums.write(parts, columns, outputs.get(0));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(shape.clone());
    }

    /** The sums of one task's rows, in float32 for some rows and in float64 beyond. */
    static final class Sums implements HostRows.Kernel {
        private final int columns;
        private final float[] some;
        private final double[] all;

        Sums(int columns) {
            this.columns = columns;
            some = new float[columns];
            all = new double[columns];
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            float[] row = new float[columns];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(inputs[0], i * columns, row, 0, columns);
                add(row, some, columns);
            }
            flush();
        }

        /** Adds a row that somebody else has made, before a {@link #flush}. */
        void add(float[] row) {
            add(row, some, columns);
        }

        private static void add(float[] row, float[] sums, int columns) {
            for (int j = 0; j < columns; j++) {
                sums[j] += row[j];
            }
        }

        void flush() {
            for (int j = 0; j < columns; j++) {
                all[j] += some[j];
                some[j] = 0;
            }
        }

        /** Writes the sums of all tasks, in their order. */
        static void write(List<Sums> parts, int columns, INDArray target) {
            double[] total = new double[columns];
            for (Sums part : parts) {
                for (int j = 0; j < columns; j++) {
                    total[j] += part.all[j];
                }
            }
            for (int j = 0; j < columns; j++) {
                target.putScalar(j, total[j]);
            }
        }
    }
}
