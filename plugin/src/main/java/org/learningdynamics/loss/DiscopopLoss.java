package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The discovered log-ratio modulated loss: {@code ℓ = −(1 − m)·log σ(x) + m·e^−x} with {@code x =
 * β·d} and {@code m = σ(x/τ)}.
 *
 * <p>{@code c⁺ = β·[−(1 − m)·σ(−x) + m'·log σ(x) − m·e^−x + m'·e^−x]} with {@code m' = m·(1 −
 * m)/τ}, {@code c⁻ = −c⁺}. Computed with {@code m·e^−x = exp(−softplus(−x/τ) − x)}, finite for
 * every finite margin as long as τ ≤ 1. Not convex: it has a second minimum at negative margins.
 * Source: Lu et al., Discovering Preference Optimization Algorithms with and for Large Language
 * Models, NeurIPS 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param tau τ in (0, 1], the temperature of the modulation
 */
public record DiscopopLoss(double beta, double tau) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "discopop";

    /** τ where none is given. */
    public static final double DEFAULT_TAU = 0.05;

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param tau in (0, 1]
     */
    public DiscopopLoss {
        Arguments.requireBeta(beta);
        Arguments.requirePositive(LossParameters.TAU, tau);
        Arguments.requireAtMostOne(LossParameters.TAU, tau);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Double> parameters() {
        return LossParameters.ordered(LossParameters.BETA, beta, LossParameters.TAU, tau);
    }

    @Override
    public double value(double margin) {
        double x = beta * margin;
        return Logistic.sigmoid(-x / tau) * Logistic.softplus(-x) + modulatedExp(x);
    }

    @Override
    public double slope(double margin) {
        double x = beta * margin;
        double logistic = -Logistic.sigmoid(-x / tau) * Logistic.sigmoid(-x);
        double modulation = -Logistic.slope(x / tau) / tau * Logistic.softplus(-x);
        double exponential = modulatedExp(x) * (Logistic.sigmoid(-x / tau) / tau - 1);
        return beta * (logistic + modulation + exponential);
    }

    /** m·e^−x, though e^−x alone may be infinite. */
    private double modulatedExp(double x) {
        return Math.exp(-Logistic.softplus(-x / tau) - x);
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        SDVariable x = margin.mul(beta);
        SDVariable scaled = x.mul(-1 / tau);
        SDVariable logistic = graph.nn().sigmoid(scaled).mul(Logistic.softplus(graph, x.neg()));
        SDVariable exponent = Logistic.softplus(graph, scaled).add(x).neg();
        return logistic.add(graph.math().exp(exponent));
    }
}
