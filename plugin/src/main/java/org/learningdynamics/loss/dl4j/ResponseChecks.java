package org.learningdynamics.loss.dl4j;

import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.PairwiseLoss;
import org.learningdynamics.loss.WeightedLoss;

/** Holds a batch to what a loss needs; the messages name the rows. */
final class ResponseChecks {
    private ResponseChecks() {}

    static void check(Loss loss, ResponseTokens tokens) {
        boolean pairs = onPairs(loss);
        if ((pairs || loss.needsReference()) && !tokens.complete()) {
            throw new IllegalArgumentException(
                    "loss "
                            + loss.name()
                            + " needs labels with "
                            + ResponseLabels.CHANNELS
                            + " channels (token, reference, pair, length), got 1");
        }
        requireResponses(tokens);
        if (pairs) {
            requirePairs(tokens);
        }
        if (loss.needsReference()) {
            requireReference(loss, tokens);
        }
    }

    private static boolean onPairs(Loss loss) {
        return loss instanceof PairwiseLoss || (loss instanceof WeightedLoss sum && sum.onPairs());
    }

    private static void requireResponses(ResponseTokens tokens) {
        int[] counts = tokens.perRow();
        for (int row = 0; row < counts.length; row++) {
            if (counts[row] == 0) {
                throw new IllegalArgumentException(
                        "row " + row + " must have at least one response token, got 0");
            }
            double expected =
                    tokens.complete() ? tokens.ofRow(ResponseLabels.LENGTH, row) : counts[row];
            if (counts[row] != expected) {
                throw new IllegalArgumentException(
                        "row "
                                + row
                                + " must have all its "
                                + expected
                                + " response tokens in the batch, got "
                                + counts[row]
                                + ": label masks must not cut responses, and truncated"
                                + " backpropagation through time is not supported");
            }
        }
    }

    private static void requirePairs(ResponseTokens tokens) {
        if (tokens.rows() % 2 != 0) {
            throw new IllegalArgumentException(
                    "a batch of pairs must have an even number of rows, got " + tokens.rows());
        }
        int pairs = tokens.rows() / 2;
        for (int chosen = 0; chosen < pairs; chosen++) {
            double plus = tokens.ofRow(ResponseLabels.PAIR, chosen);
            double minus = tokens.ofRow(ResponseLabels.PAIR, chosen + pairs);
            if (!(plus >= 1) || minus != -plus) {
                throw new IllegalArgumentException(
                        "rows "
                                + chosen
                                + " and "
                                + (chosen + pairs)
                                + " must be the chosen and the rejected response of one pair (pair"
                                + " numbers k and -k), got "
                                + plus
                                + " and "
                                + minus
                                + ": keep all chosen rows first, then the rejected ones in the"
                                + " same order");
            }
        }
    }

    private static void requireReference(Loss loss, ResponseTokens tokens) {
        for (int row = 0; row < tokens.rows(); row++) {
            double reference = tokens.ofRow(ResponseLabels.REFERENCE, row);
            if (!Double.isFinite(reference)) {
                throw new IllegalArgumentException(
                        "loss "
                                + loss.name()
                                + " needs a finite reference log-probability in row "
                                + row
                                + ", got "
                                + reference
                                + ": fill it in with ReferenceScores");
            }
        }
    }
}
