package org.learningdynamics.loss;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** The logistic function and its integral, finite for every finite argument. */
final class Logistic {
    /** From here on softplus(x) equals x in float32 and float64. */
    private static final double LINEAR_FROM = 40;

    private Logistic() {}

    /** σ(x) = 1 / (1 + e^−x). */
    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /** σ'(x) = σ(x)·σ(−x). */
    static double slope(double x) {
        return sigmoid(x) * sigmoid(-x);
    }

    /** softplus(x) = log(1 + e^x) = −log σ(−x). */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * softplus(x) in a graph. ND4J's own softplus overflows to ∞ beyond e^x, and the gradient of
     * its logSigmoid is NaN below −700; this form is exact on both sides, gradient included.
     */
    static SDVariable softplus(SameDiff graph, SDVariable x) {
        SDVariable limit = graph.constant(Nd4j.scalar(x.dataType(), LINEAR_FROM));
        SDVariable curved = graph.nn().softplus(graph.math().min(x, limit));
        return curved.add(graph.nn().relu(x.sub(LINEAR_FROM), 0));
    }
}
