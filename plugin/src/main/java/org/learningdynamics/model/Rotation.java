package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix of which every column and every row has at most one value that is not 0, so that {@code
 * (x·R)_j = factor_j · x_source(j)}; a column of zeros has itself as source and a factor of 0.
 */
final class Rotation {
    private final int[] sources;
    private final float[] factors;

    private Rotation(int[] sources, float[] factors) {
        this.sources = sources;
        this.factors = factors;
    }

    /** The rotation that a square matrix is; nothing if it is none. */
    static Optional<Rotation> of(INDArray matrix) {
        int size = Math.toIntExact(matrix.size(0));
        int[] sources = new int[size];
        Arrays.setAll(sources, j -> j);
        Rotation found = new Rotation(sources, new float[size]);
        boolean[] isTaken = new boolean[size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                float value = matrix.getFloat(i, j);
                if (value != 0) {
                    if (isTaken[i] || found.factors[j] != 0) {
                        return Optional.empty();
                    }
                    isTaken[i] = true;
                    found.set(i, j, value);
                }
            }
        }
        return Optional.of(found);
    }

    private void set(int source, int column, float factor) {
        sources[column] = source;
        factors[column] = factor;
    }

    /** That of the transposed matrix. */
    Rotation transposed() {
        int[] back = new int[sources.length];
        Arrays.setAll(back, j -> j);
        Rotation transposed = new Rotation(back, new float[back.length]);
        for (int j = 0; j < sources.length; j++) {
            if (factors[j] != 0) {
                transposed.set(j, sources[j], factors[j]);
            }
        }
        return transposed;
    }

    int size() {
        return sources.length;
    }

    /** Factors of some rows, one after the other // [rows · size]. */
    float[] factors(int rows) {
        float[] all = new float[rows * factors.length];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(factors, 0, all, row * factors.length, factors.length);
        }
        return all;
    }

    /** {@code y_j = x_source(j)} of some rows; neighbours that stay neighbours go together. */
    void move(float[] x, float[] y, int rows) {
        int size = sources.length;
        for (int from = 0; from < size; ) {
            int to = from + 1;
            while (to < size && sources[to] == sources[to - 1] + 1) {
                to++;
            }
            for (int row = 0; row < rows; row++) {
                int start = row * size;
                System.arraycopy(x, start + sources[from], y, start + from, to - from);
            }
            from = to;
        }
    }
}
