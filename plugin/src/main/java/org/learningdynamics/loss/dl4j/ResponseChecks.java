package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;
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
        BatchRows rows = BatchRows.of(loss, tokens);
        if (loss.needs().contains(LossNeed.KL)) {
            requireDivergence(loss, tokens, rows);
        }
        if (pairs) {
            requirePairs(tokens, rows.own());
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

    private static void requireDivergence(Loss loss, ResponseTokens tokens, BatchRows rows) {
        int own = rows.own().length;
        int mismatched = rows.mismatched().length;
        if (own == 0 || mismatched == 0) {
            throw new IllegalArgumentException(
                    "loss "
                            + loss.name()
                            + " needs labelled rows (pair numbers other than 0) and mismatched"
                            + " rows, of prompts with other prompts' responses (pair number 0),"
                            + " got "
                            + own
                            + " and "
                            + mismatched
                            + ": make the batch with ResponseBatch.ofLabelled");
        }
        for (int row : rows.own()) {
            double number = tokens.ofRow(ResponseLabels.PAIR, row);
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException(
                        "pair number of row " + row + " must be finite, got " + number);
            }
        }
    }

    /** Refuses mismatched rows beside others where a loss would learn them as responses. */
    static void requireNoStrangers(Loss loss, ResponseTokens tokens) {
        if (!tokens.complete() || loss.needs().contains(LossNeed.KL)) {
            return;
        }
        double[] numbers = new double[tokens.rows()];
        Arrays.setAll(numbers, row -> tokens.ofRow(ResponseLabels.PAIR, row));
        long none = Arrays.stream(numbers).filter(number -> number == 0).count();
        if (none > 0 && none < numbers.length) {
            throw new IllegalArgumentException(
                    "loss "
                            + loss.name()
                            + " has no use for mismatched rows (pair number 0 beside others), got "
                            + none
                            + " of "
                            + numbers.length);
        }
    }

    private static void requirePairs(ResponseTokens tokens, int[] rows) {
        if (rows.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "a batch of pairs must have an even number of rows, got " + rows.length);
        }
        int pairs = rows.length / 2;
        for (int pair = 0; pair < pairs; pair++) {
            int chosen = rows[pair];
            int rejected = rows[pair + pairs];
            double plus = tokens.ofRow(ResponseLabels.PAIR, chosen);
            double minus = tokens.ofRow(ResponseLabels.PAIR, rejected);
            if (!(plus >= 1) || minus != -plus) {
                throw new IllegalArgumentException(
                        "rows "
                                + chosen
                                + " and "
                                + rejected
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
