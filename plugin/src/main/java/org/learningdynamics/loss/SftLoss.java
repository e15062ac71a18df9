package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Supervised fine-tuning, the cross-entropy averaged over all response tokens of the batch: {@code
 * ℓ = −Σ_i s_i / N_tok}, {@code N_tok = Σ_i L_i}.
 *
 * <p>{@code c_i = −1/N_tok}. Long responses weigh more than short ones, as in most trainers; {@link
 * SftSumLoss} is the form of the paper's experiments. An example's share is {@code −s_i} divided by
 * the mean length {@code N_tok/B}, so that the mean over examples is the loss.
 */
public record SftLoss() implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "sft";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of();
    }

    @Override
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double[] values(ResponseScores batch) {
        double meanLength = batch.totalTokens() / (double) batch.rows();
        return Arrays.stream(batch.logProbs()).map(s -> -s / meanLength).toArray();
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        double[] rows = new double[batch.rows()];
        Arrays.fill(rows, -1.0 / batch.totalTokens());
        return rows;
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        return rows.logProbs().neg().div(rows.tokens().mean());
    }
}
