package org.learningdynamics.loss;

import java.util.Arrays;
import org.learningdynamics.measure.ResponseScores;

/**
 * A weighted sum of losses on the scores of a batch.
 *
 * @param sum the losses
 * @param batch its rows, labelled if they are pairs
 * @param pairs number of pairs, 0 if rows are single responses
 */
record WeightedScores(WeightedLoss sum, ResponseScores batch, int pairs) {
    static WeightedScores of(WeightedLoss sum, ResponseScores batch) {
        if (!sum.onPairs()) {
            return new WeightedScores(sum, batch, 0);
        }
        PairScores.requireEven(batch.rows());
        int pairs = batch.rows() / 2;
        boolean[] labels = new boolean[batch.rows()];
        Arrays.fill(labels, 0, pairs, true);
        return new WeightedScores(sum, batch.withDesirable(labels), pairs);
    }

    double[] values() {
        double[] all = new double[pairs == 0 ? batch.rows() : pairs];
        for (WeightedLoss.Term term : sum.terms()) {
            double[] values = term.loss().values(rowsOf(term.loss()));
            for (int i = 0; i < values.length; i++) {
                double share = values.length > all.length ? .5 : 1; // both rows of a pair
                all[i % all.length] += term.weight() * share * values[i];
            }
        }
        return all;
    }

    double[] coefficients() {
        double[] all = new double[batch.rows()];
        for (WeightedLoss.Term term : sum.terms()) {
            double[] part = term.loss().coefficients(rowsOf(term.loss()));
            int from = firstRow(term.loss());
            for (int i = 0; i < part.length; i++) {
                all[from + i] += term.weight() * part[i];
            }
        }
        return all;
    }

    double[][] tokenCoefficients() {
        double[][] all = new double[batch.rows()][];
        Arrays.setAll(all, row -> new double[batch.tokens()[row]]);
        for (WeightedLoss.Term term : sum.terms()) {
            double[][] part = term.loss().tokenCoefficients(rowsOf(term.loss()));
            int from = firstRow(term.loss());
            for (int i = 0; i < part.length; i++) {
                for (int t = 0; t < part[i].length; t++) {
                    all[from + i][t] += term.weight() * part[i][t];
                }
            }
        }
        return all;
    }

    private ResponseScores rowsOf(Loss loss) {
        return switch (look(loss)) {
            case CHOSEN -> batch.rows(0, pairs);
            case REJECTED -> batch.rows(pairs, 2 * pairs);
            case BOTH -> batch;
        };
    }

    private int firstRow(Loss loss) {
        return look(loss) == PairRows.REJECTED ? pairs : 0;
    }

    private PairRows look(Loss loss) {
        return pairs > 0 && loss instanceof ResponseLoss response
                ? response.pairRows()
                : PairRows.BOTH;
    }
}
