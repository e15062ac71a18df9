package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;

/**
 * The rows that a loss is a mean over, and those of mismatched prompts and responses, which only
 * tell the divergence that kto compares with. A loss without a divergence is over all rows.
 */
final class BatchRows {
    private final int[] own;
    private final int[] mismatched;

    private BatchRows(int rows, IntPredicate isOwn) {
        own = IntStream.range(0, rows).filter(isOwn).toArray();
        mismatched = IntStream.range(0, rows).filter(isOwn.negate()).toArray();
    }

    /** Reads the pair numbers, if the loss has a use for them. */
    static BatchRows of(Loss loss, ResponseTokens tokens) {
        boolean apart = loss.needs().contains(LossNeed.KL);
        return new BatchRows(
                tokens.rows(), row -> !apart || tokens.ofRow(ResponseLabels.PAIR, row) != 0);
    }

    /** Rows the loss is over, ascending. */
    int[] own() {
        return own.clone();
    }

    /** Rows of mismatched prompts and responses, ascending. */
    int[] mismatched() {
        return mismatched.clone();
    }

    /** Whether the response of each own row is wanted. */
    boolean[] desirable(ResponseTokens tokens) {
        boolean[] labels = new boolean[own.length];
        for (int i = 0; i < own.length; i++) {
            labels[i] = tokens.ofRow(ResponseLabels.PAIR, own[i]) > 0;
        }
        return labels;
    }

    /** Which of the batch's response tokens are in own rows. */
    int[] tokens(ResponseTokens tokens) {
        return IntStream.range(0, tokens.count())
                .filter(i -> Arrays.binarySearch(own, tokens.row(i)) >= 0)
                .toArray();
    }
}
