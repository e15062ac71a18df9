package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Unlearning by gradient ascent on the mean log-probability of each response: {@code ℓ_i =
 * s_i/L_i}.
 *
 * <p>{@code c_i = 1/(L_i·B)}. Not bounded below: responses are pushed down without end. Every row
 * of the batch is unlearnt; as a term of a sum on pairs it looks at the rejected ones. Source: Jang
 * et al., Knowledge Unlearning for Mitigating Privacy Risks in Language Models, ACL 2023.
 */
public record GradientAscentLoss() implements ResponseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "gradient-ascent";

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
    public PairRows pairRows() {
        return PairRows.REJECTED;
    }

    @Override
    public double[] values(ResponseScores batch) {
        double[] rows = batch.logProbs();
        int[] tokens = batch.tokens();
        Arrays.setAll(rows, i -> rows[i] / tokens[i]);
        return rows;
    }

    @Override
    public double[] coefficients(ResponseScores batch) {
        return Arrays.stream(batch.tokens()).mapToDouble(n -> 1.0 / n / batch.rows()).toArray();
    }

    @Override
    public SDVariable perResponse(SameDiff graph, ResponseVariables rows) {
        return rows.logProbs().div(rows.tokens());
    }
}
