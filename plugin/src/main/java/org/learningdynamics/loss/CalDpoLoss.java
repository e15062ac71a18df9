package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Calibrated DPO, the sigmoid loss with both log-ratios pulled to values of their own: {@code ℓ =
 * −log σ(d) + (u − 1/(2β))² + (v + 1/(2β))²}.
 *
 * <p>{@code c⁺ = −σ(−d) + 2·(u − 1/(2β))}, {@code c⁻ = σ(−d) + 2·(v + 1/(2β))}. {@code ln 2 +
 * 1/(2β²)} where policy and reference agree. Source: Xiao et al., Cal-DPO, NeurIPS 2024.
 *
 * @param beta β &gt; 0; the log-ratios are pulled to ±1/(2β)
 */
public record CalDpoLoss(double beta) implements PairwiseLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "cal-dpo";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public CalDpoLoss {
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
        return Logistic.softplus(-pair.margin()) + x * x + y * y;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair) {
        double x = pair.chosenLogRatio() - .5 / beta;
        double y = pair.rejectedLogRatio() + .5 / beta;
        return new PairCoefficients(
                2 * x - Logistic.sigmoid(-pair.margin()), 2 * y + Logistic.sigmoid(-pair.margin()));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        SDVariable x = pairs.chosenLogRatio().sub(.5 / beta);
        SDVariable y = pairs.rejectedLogRatio().add(.5 / beta);
        return Logistic.softplus(graph, pairs.margin().neg())
                .add(graph.math().square(x))
                .add(graph.math().square(y));
    }
}
