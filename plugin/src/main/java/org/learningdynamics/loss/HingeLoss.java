package org.learningdynamics.loss;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Sequence likelihood calibration with a reference, the hinge loss: {@code ℓ = max(0, 1 − β·d)}.
 *
 * <p>{@code c⁺ = −β} where β·d &lt; 1, else 0 (at the kink too); {@code c⁻ = −c⁺}. 1 where policy
 * and reference agree. Source: Zhao et al., SLiC-HF, 2023; with a reference as in Liu et al.,
 * Statistical Rejection Sampling, ICLR 2024.
 *
 * @param beta β &gt; 0, strength of the pull towards the reference
 */
public record HingeLoss(double beta) implements MarginLoss {
    /** The name in {@link Losses}. */
    public static final String NAME = "hinge";

    /**
     * Checks.
     *
     * @param beta finite and above 0
     */
    public HingeLoss {
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
        return Math.max(0, 1 - beta * margin);
    }

    @Override
    public double slope(double margin) {
        return beta * margin < 1 ? -beta : 0;
    }

    @Override
    public SDVariable perMargin(SameDiff graph, SDVariable margin) {
        return graph.nn().relu(margin.mul(-beta).add(1), 0);
    }
}
