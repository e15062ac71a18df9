package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Direct preference optimisation, the sigmoid loss: {@code ℓ = −log σ(β·d)}, {@code d = (s⁺ − r⁺) −
 * (s⁻ − r⁻)}.
 *
 * <p>{@code c⁺ = −β·σ(−β·d)}, {@code c⁻ = −c⁺}. Computed as softplus(−β·d), finite for every finite
 * margin; ln 2 where policy and reference agree. Source: Rafailov et al., Direct Preference
 * Optimization, NeurIPS 2023, equation 7.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record DpoLoss(double beta) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "dpo";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public DpoLoss {
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
    public double value(double margin) {
        return Logistic.softplus(-beta * margin);
    }

    @Override
    public double slope(double margin) {
        return -beta * Logistic.sigmoid(-beta * margin);
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        return Logistic.softplus(graph, margin.mul(-beta));
    }
}
