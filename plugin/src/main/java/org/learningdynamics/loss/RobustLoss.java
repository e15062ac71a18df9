package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Robust DPO, an unbiased estimate of the sigmoid loss where a share ε of the preferences is
 * flipped: {@code ℓ = [−(1 − ε)·log σ(β·d) + ε·log σ(−β·d)] / (1 − 2ε)}.
 *
 * <p>{@code c⁺ = −β·[(1 − ε)·σ(−β·d) + ε·σ(β·d)] / (1 − 2ε)}, {@code c⁻ = −c⁺}. Computed as
 * softplus(−β·d) − ε·β·d/(1 − 2ε), finite for every finite margin and not bounded below; ln 2 where
 * policy and reference agree. Source: Chowdhury et al., Provably Robust DPO, ICML 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param labelSmoothing ε in [0, 0.5), assumed share of flipped preferences; 0 for none
 */
public record RobustLoss(double beta, double labelSmoothing) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "robust";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param labelSmoothing in [0, 0.5)
     */
    public RobustLoss {
        Arguments.requireBeta(beta);
        Arguments.requireLabelSmoothing(labelSmoothing);
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
        return SmoothedSigmoid.value(beta * margin, tilt());
    }

    @Override
    public double slope(double margin) {
        return beta * SmoothedSigmoid.slope(beta * margin, tilt());
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        return SmoothedSigmoid.define(graph, margin.mul(beta), tilt());
    }

    /** The smoothing that has the same form. */
    private double tilt() {
        return -labelSmoothing / (1 - 2 * labelSmoothing);
    }
}
