package org.learningdynamics.loss;

import java.util.Map;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The extended supervised fine-tuning that softens squeezing in a later preference stage: {@link
 * SftSumLoss} on the chosen <em>and</em> on the rejected response, each an example of its own.
 *
 * <p>{@code ℓ_i = −s_i} and {@code c_i = −1/B} whatever the response's kind; the difference to
 * {@code sft-sum} lies in the rows, which hold both kinds. Source: Ren and Sutherland, ICLR 2025,
 * section 5.
 */
public record SftExtendedLoss() implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "sft-extended";

    private static final SftSumLoss SUM = new SftSumLoss();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of();
    }

    @Override
    public PairRows pairRows() {
        return PairRows.BOTH;
    }

    @Override
    public double[] values(ResponseScores batch) {
        return SUM.values(batch);
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        return SUM.coefficients(batch);
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        return SUM.perResponse(graph, rows);
    }
}
