package org.learningdynamics.model;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;

/** The ops of a cross-entropy that passes its incoming gradient on. */
final class CrossEntropyGraph {
    private CrossEntropyGraph() {}

    /** Losses [N] of labels and logits, both [N, V]. The row's maximum cancels: no gradient. */
    static SDVariable losses(SameDiff graph, SDVariable labels, SDVariable logits) {
        SDVariable typed =
                labels.dataType() == logits.dataType() ? labels : labels.castTo(logits.dataType());
        SDVariable maximum = new StopGradient(graph, logits.max(true, 1)).outputVariable();
        SDVariable shifted = logits.sub(maximum);
        SDVariable logSum = graph.math().log(graph.math().exp(shifted).sum(true, 1));
        return typed.mul(logSum.sub(shifted)).sum(1);
    }

    /** Losses times as many weights, whatever the shape of the weights. */
    static SDVariable weighted(SameDiff graph, SDVariable losses, SDVariable weights) {
        SDVariable typed =
                weights.dataType() == losses.dataType()
                        ? weights
                        : weights.castTo(losses.dataType());
        return losses.mul(graph.reshape(typed, graph.shape(losses)));
    }
}
