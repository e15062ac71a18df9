package org.learningdynamics.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Odds ratio preference optimisation, likelihood on the chosen responses with a log-odds ratio of
 * the two: {@code ℓ = NLL − β·log σ(lo)}, {@code lo = (a⁺ − a⁻) − (log(1 − e^a⁺) − log(1 − e^a⁻))},
 * {@code a = s/L}, {@code NLL = −Σ s⁺ / Σ L⁺} over the pairs of the batch.
 *
 * <p>{@code c⁺ = −β·σ(−lo)/((1 − e^a⁺)·L⁺) − 1/N}, {@code c⁻ = β·σ(−lo)/((1 − e^a⁻)·L⁻)} with N the
 * mean length of the chosen responses. From a = −{@value #CERTAIN} up to 0, where the odds go to
 * infinity, log(1 − e^a) goes on as a straight line, so that value and gradient stay finite for
 * responses of probability 1. Source: Hong et al., ORPO, EMNLP 2024, equations 6 and 7; NLL and
 * metrics as in TRL.
 *
 * @param beta β &gt; 0, weight of the odds ratio (λ in the paper)
 */
public record OrpoLoss(double beta) implements TokenMeanLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "orpo";

    /** β where none is given. */
    public static final double DEFAULT_BETA = 0.1;

    /** Distance from 0 of the mean log-probability from which the odds are extrapolated (nats). */
    public static final double CERTAIN = 1e-4;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public OrpoLoss {
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
    public Set<LossNeed> needs() {
        return Set.of(LossNeed.TOKEN_COUNTS);
    }

    @Override
    public double value(PairScores pair, double meanTokens) {
        return beta * Logistic.softplus(-logOdds(pair)) - pair.chosenLogProb() / meanTokens;
    }

    @Override
    public PairCoefficients coefficients(PairScores pair, double meanTokens) {
        double slope = -beta * Logistic.sigmoid(-logOdds(pair));
        double chosen = slope * (1 - logOneMinusExpSlope(chosenMean(pair)));
        double rejected = -slope * (1 - logOneMinusExpSlope(rejectedMean(pair)));
        return new PairCoefficients(
                chosen / pair.chosenTokens() - 1 / meanTokens, rejected / pair.rejectedTokens());
    }

    private static double logOdds(PairScores pair) {
        double up = chosenMean(pair);
        double down = rejectedMean(pair);
        return up - down - (logOneMinusExp(up) - logOneMinusExp(down));
    }

    private static double chosenMean(PairScores pair) {
        return pair.chosenLogProb() / pair.chosenTokens();
    }

    private static double rejectedMean(PairScores pair) {
        return pair.rejectedLogProb() / pair.rejectedTokens();
    }

    /** log(1 − e^a), on by a straight line from a = −CERTAIN. */
    private static double logOneMinusExp(double a) {
        double inside = Math.min(a, -CERTAIN);
        double curved =
                inside > -Math.log(2)
                        ? Math.log(-Math.expm1(inside))
                        : Math.log1p(-Math.exp(inside));
        return curved + Math.max(0, a + CERTAIN) * logOneMinusExpSlope(-CERTAIN);
    }

    private static double logOneMinusExpSlope(double a) {
        return -1 / Math.expm1(-Math.min(a, -CERTAIN));
    }

    @Override
    public SDVariable perPair(SameDiff graph, PairVariables pairs) {
        return Logistic.softplus(graph, logOdds(graph, pairs).neg()).mul(beta).add(nll(pairs));
    }

    @Override
    public Map<String, SDVariable> metrics(SameDiff graph, PairVariables pairs) {
        SDVariable logOdds = logOdds(graph, pairs);
        Map<String, SDVariable> metrics = new LinkedHashMap<>();
        metrics.put(LossMetrics.NLL_LOSS, nll(pairs).mean());
        metrics.put(
                LossMetrics.LOG_ODDS_RATIO, Logistic.softplus(graph, logOdds.neg()).mean().neg());
        metrics.put(LossMetrics.LOG_ODDS_CHOSEN, logOdds.mean());
        return metrics;
    }

    private static SDVariable nll(PairVariables pairs) {
        return pairs.chosen().neg().div(pairs.chosenTokens().mean());
    }

    private static SDVariable logOdds(SameDiff graph, PairVariables pairs) {
        SDVariable up = pairs.chosen().div(pairs.chosenTokens());
        SDVariable down = pairs.rejected().div(pairs.rejectedTokens());
        return up.sub(down).sub(logOneMinusExp(graph, up)).add(logOneMinusExp(graph, down));
    }

    /** log(1 − e^a) = log tanh(−a/2) + log(1 + e^a), exact on both ends in float32 too. */
    private static SDVariable logOneMinusExp(SameDiff graph, SDVariable a) {
        SDVariable limit = graph.constant(Nd4j.scalar(a.dataType(), -CERTAIN));
        SDVariable inside = graph.math().min(a, limit);
        SDVariable curved =
                graph.math()
                        .log(graph.math().tanh(inside.mul(-.5)))
                        .add(Logistic.softplus(graph, inside));
        SDVariable beyond = graph.nn().relu(a.add(CERTAIN), 0);
        return curved.add(beyond.mul(logOneMinusExpSlope(-CERTAIN)));
    }
}
