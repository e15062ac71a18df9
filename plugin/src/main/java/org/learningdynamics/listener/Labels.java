package org.learningdynamics.listener;

import java.util.Arrays;
import org.learningdynamics.data.TokenBatch;

/** Labels of a batch for as many positions as the model turns out to give. */
@FunctionalInterface
interface Labels {
    /**
     * The labels.
     *
     * @param positions logit positions a row
     * @return labels, or IGNORED // [batch, positions]
     * @throws IllegalStateException if the labels do not fit that number
     */
    int[][] at(int positions);

    /** Labels for each position. */
    static Labels perPosition(int[][] labels) {
        return positions -> {
            if (labels[0].length != positions) {
                throw new IllegalStateException(
                        "probes have labels for "
                                + labels[0].length
                                + " positions, the model gives logits for "
                                + positions);
            }
            return labels;
        };
    }

    /** One label a row, at the last of its positions that are not padding. */
    static Labels atEnd(int[] labels, int[] lengths) {
        return positions -> {
            int[][] all = new int[labels.length][positions];
            for (int i = 0; i < labels.length; i++) {
                Arrays.fill(all[i], TokenBatch.IGNORED);
                all[i][Math.min(lengths[i], positions) - 1] = labels[i];
            }
            return all;
        };
    }
}
