package org.learningdynamics.model;

import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is added to every row, for as many rows as {@link HostRows} hands out at once. */
final class RowBias {
    private final float[] values; // one row behind the other
    private final int length;

    /**
     * Reads it.
     *
     * @param bias // [length] or [1, length]
     */
    RowBias(INDArray bias) {
        float[] row = HostRows.values(bias);
        length = row.length;
        values = new float[Math.max(1, HostRows.CHUNK / length) * length];
        for (int from = 0; from < values.length; from += length) {
            System.arraycopy(row, 0, values, from, length);
        }
    }

    int length() {
        return length;
    }

    /** Adds it in place. */
    void add(float[] rows, int count) {
        for (int i = 0; i < count * length; i++) {
            rows[i] += values[i];
        }
    }
}
