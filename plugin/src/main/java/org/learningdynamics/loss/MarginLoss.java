package org.learningdynamics.loss;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A loss that is a function of the margin {@code d = u − v} alone, so that {@code c⁺ = ∂ℓ/∂d} and
 * {@code c⁻ = −c⁺}. A {@link DivergenceLoss} puts another divergence into any of them.
 */
public interface MarginLoss extends PairwiseLoss {
    /**
     * The loss of a margin.
     *
     * @param margin d (nats)
     * @return ℓ(d)
     */
    double value(double margin);

    /**
     * The derivative of the loss.
     *
     * @param margin d (nats)
     * @return ∂ℓ/∂d
     */
    double slope(double margin);

    /**
     * Defines the loss of each margin in a graph.
     *
     * @param graph where to define it
     * @param margin d (nats) // [pairs]
     * @return losses // [pairs]
     */
    SDVariable perMargin(SameDiff graph, SDVariable margin);

    @Override
    default double value(PairScores pair) {
        return value(pair.margin());
    }

    @Override
    default PairCoefficients coefficients(PairScores pair) {
        return PairCoefficients.ofMargin(slope(pair.margin()));
    }

    @Override
    default SDVariable perPair(SameDiff graph, PairVariables pairs) {
        return perMargin(graph, pairs.margin());
    }
}
