package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Conservative DPO, the sigmoid loss for preferences that are flipped with probability ε: {@code ℓ
 * = −(1 − ε)·log σ(β·d) − ε·log σ(−β·d)}.
 *
 * <p>{@code c⁺ = −β·[(1 − ε)·σ(−β·d) − ε·σ(β·d)]}, {@code c⁻ = −c⁺}. Computed as softplus(−β·d) +
 * ε·β·d, finite for every finite margin; ln 2 where policy and reference agree. Source: Mitchell, A
 * note on DPO with noisy preferences, 2023.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 * @param labelSmoothing ε in [0, 0.5); 0 is plain DPO
 */
public record CdpoLoss(double beta, double labelSmoothing) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "cdpo";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     * @param labelSmoothing in [0, 0.5)
     */
    public CdpoLoss {
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
        return SmoothedSigmoid.value(beta * margin, labelSmoothing);
    }

    @Override
    public double slope(double margin) {
        return beta * SmoothedSigmoid.slope(beta * margin, labelSmoothing);
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        return SmoothedSigmoid.define(graph, margin.mul(beta), labelSmoothing);
    }
}
