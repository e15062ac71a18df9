package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Exact optimisation for pairs, the reverse divergence from the smoothed preference: {@code ℓ =
 * q·[log q − log(1 − ε)] + (1 − q)·[log(1 − q) − log ε]} with {@code q = σ(β·d)}.
 *
 * <p>{@code c⁺ = β·q·(1 − q)·(β·d − log((1 − ε)/ε))}, {@code c⁻ = −c⁺}. Logarithms of q are
 * softplus, so that every finite margin gives a finite loss. Source: Ji et al., Towards Efficient
 * Exact Optimization of Language Model Alignment, ICML 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param labelSmoothing ε in (0, 0.5), the smoothing that keeps the divergence finite
 */
public record ExoLoss(double beta, double labelSmoothing) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "exo";

    /** ε where none is given. */
    public static final double DEFAULT_LABEL_SMOOTHING = 1e-3;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param labelSmoothing in (0, 0.5)
     */
    public ExoLoss {
        Arguments.requireBeta(beta);
        Arguments.requireLabelSmoothing(labelSmoothing);
        Arguments.requirePositive(LossParameters.LABEL_SMOOTHING, labelSmoothing);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return LossParameters.ordered(
                LossParameters.BETA, beta, LossParameters.LABEL_SMOOTHING, labelSmoothing);
    }

    @Override
    public double value(double margin) {
        double x = beta * margin;
        return Logistic.sigmoid(x) * (-Logistic.softplus(-x) - Math.log1p(-labelSmoothing))
                + Logistic.sigmoid(-x) * (-Logistic.softplus(x) - Math.log(labelSmoothing));
    }

    @Override
    public double slope(double margin) {
        double x = beta * margin;
        double target = Math.log1p(-labelSmoothing) - Math.log(labelSmoothing);
        return beta * Logistic.slope(x) * (x - target);
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        SDVariable x = margin.mul(beta);
        SDVariable win = Logistic.softplus(graph, x.neg()).add(Math.log1p(-labelSmoothing));
        SDVariable loss = Logistic.softplus(graph, x).add(Math.log(labelSmoothing));
        SDVariable divergence = graph.nn().sigmoid(x).mul(win);
        return divergence.add(graph.nn().sigmoid(x.neg()).mul(loss)).neg();
    }
}
