package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.Map;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Supervised fine-tuning on the sum over response tokens: {@code ℓ_i = −s_i}, the mean over the B
 * examples of a batch.
 *
 * <p>{@code c_i = −1/B}, which makes the residual of one example alone {@code G = π − e_y}. Source:
 * Ren and Sutherland, ICLR 2025, section 3 and experiments.
 */
public record SftSumLoss() implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "sft-sum";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of();
    }

    @Override
    public double[] values(ResponseScores batch) {
        return Arrays.stream(batch.logProbs()).map(s -> -s).toArray();
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        double[] rows = new double[batch.rows()];
        Arrays.fill(rows, -1.0 / batch.rows());
        return rows;
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        return rows.logProbs().neg();
    }
}
