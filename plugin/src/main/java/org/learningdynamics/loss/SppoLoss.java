package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Self-play preference optimisation with certain preferences, which pulls both log-ratios to values
 * of their own: {@code ℓ = (u − 1/(2β))² + (v + 1/(2β))²}.
 *
 * <p>{@code c⁺ = 2·(u − 1/(2β))}, {@code c⁻ = 2·(v + 1/(2β))}. {@code 1/(2β²)} where policy and
 * reference agree. Source: Wu et al., Self-Play Preference Optimization for Language Model
 * Alignment, 2024, with a win probability of 1.
 *
 * @param beta β &gt; 0; the log-ratios are pulled to ±1/(2β)
 */
public record SppoLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "sppo";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public SppoLoss {
        Arguments.requireBeta(beta);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return Map.of(LossParameters.BETA, beta);
    }

    @Override
    public double value(PairScores pair) {
        double x = pair.chosenLogRatio() - .5 / beta;
        double y = pair.rejectedLogRatio() + .5 / beta;
        return x * x + y * y;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = pair.chosenLogRatio() - .5 / beta;
        double y = pair.rejectedLogRatio() + .5 / beta;
        return new PairCoefficients(2 * x, 2 * y);
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosenLogRatio().sub(.5 / beta);
        SDVariable y = pairs.rejectedLogRatio().add(.5 / beta);
        return graph.math().square(x).add(graph.math().square(y));
    }
}
