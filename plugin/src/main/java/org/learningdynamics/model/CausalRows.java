package org.learningdynamics.model;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Softmax of the scores of heads, one behind the other, in place: the query at place i sees all
 * keys before its segment and i + 1 of it. One instance a thread.
 */
final class CausalRows {
    private static final float HIDDEN = -1e4f; // its exponential is 0

    private static final float NEAR = 60;
    private static final int LANES = 512;

    private final FloatBuffer scores;
    private final int length;
    private final int before;
    private final float scale;
    private final float[] values; // of a head // [length · (before + length)]
    private final float[] block = new float[LANES];
    private final float[] largest = new float[LANES];
    private final SoftmaxRows softmax = new SoftmaxRows();

    /**
     * Scores of heads.
     *
     * @param scores // [heads, length, before + length]
     * @param length of the segment
     * @param before keys that every query sees
     * @param scale what scores are multiplied by first, above 0
     */
    CausalRows(FloatBuffer scores, int length, int before, float scale) {
        this.scores = scores;
        this.length = length;
        this.before = before;
        this.scale = scale;
        values = new float[length * (before + length)];
    }

    void softmax(int head) {
        int known = before + length;
        scores.get(head * values.length, values);
        SoftmaxRows.scale(values, 0, values.length, scale);
        if (!isNear()) {
            for (int i = 0; i < length; i++) {
                SoftmaxRows.shift(values, i * known, values, before + i + 1);
            }
        }
        for (int i = 0; i < length; i++) {
            Arrays.fill(values, i * known + before + i + 1, (i + 1) * known, HIDDEN);
        }
        softmax.exponentials(values, 0, values.length);
        for (int i = 0; i < length; i++) {
            double sum = SoftmaxRows.sum(values, i * known, known);
            SoftmaxRows.scale(values, i * known, known, (float) (1 / sum));
        }
        scores.put(head * values.length, values);
    }

    /** Whether exponentials and their sums stay normal numbers without a shift by the largest. */
    private boolean isNear() {
        Arrays.fill(largest, 0);
        for (int from = 0; from < values.length; from += LANES) {
            int count = Math.min(LANES, values.length - from);
            System.arraycopy(values, from, block, 0, count);
            raise(largest, block, count);
        }
        for (float each : largest) {
            if (!(each < NEAR)) {
                return false;
            }
        }
        return true;
    }

    private static void raise(float[] largest, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            largest[i] = Math.max(largest[i], Math.abs(values[i]));
        }
    }
}
