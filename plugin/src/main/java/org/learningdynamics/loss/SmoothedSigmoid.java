package org.learningdynamics.loss;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The sigmoid loss with label smoothing, {@code −(1 − ε)·log σ(x) − ε·log σ(−x) = softplus(−x) +
 * ε·x}, which most pairwise losses apply to an argument x of their own.
 */
final class SmoothedSigmoid {
    private SmoothedSigmoid() {}

    static double value(double x, double labelSmoothing) {
        return Logistic.softplus(-x) + labelSmoothing * x;
    }

    /** Derivative by x. */
    static double slope(double x, double labelSmoothing) {
        return labelSmoothing - Logistic.sigmoid(-x);
    }

    static SDVariable define(SameDiff graph, SDVariable x, double labelSmoothing) {
        SDVariable loss = Logistic.softplus(graph, x.neg());
        return labelSmoothing == 0 ? loss : loss.add(x.mul(labelSmoothing));
    }
}
