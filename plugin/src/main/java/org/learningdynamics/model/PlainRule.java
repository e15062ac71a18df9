package org.learningdynamics.model;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer without parameters, as the host runs it. The host's training mode keeps its hands off the
 * input, and differs in nothing else where there is no dropout.
 */
final class PlainRule extends LayerRule {
    private final Layer layer;

    PlainRule(Layer layer) {
        this.layer = layer;
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        layer.setInput(input, pass.workspaces());
        return layer.activate(true, pass.workspaces());
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        return Optional.of(layer.backpropGradient(epsilon, pass.workspaces()).getSecond());
    }

    @Override
    boolean hasParameters() {
        return false;
    }

    @Override
    void clear() {
        layer.clear();
    }
}
