package org.learningdynamics.model;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer, with what the host puts before it to change the form of its input. */
final class LayerStep implements NetworkStep {
    private final Optional<InputPreProcessor> before;
    private final LayerRule rule;

    LayerStep(Optional<InputPreProcessor> before, LayerRule rule) {
        this.before = before;
        this.rule = rule;
    }

    LayerRule rule() {
        return rule;
    }

    /** The rule of a layer that ends the network. */
    OutputRule output() {
        if (rule instanceof OutputRule output) {
            return output;
        }
        throw new IllegalStateException(
                "a network must end in a layer with a loss, got "
                        + rule.getClass().getSimpleName());
    }

    @Override
    public INDArray forward(List<INDArray> inputs, Pass pass) {
        INDArray input = inputs.get(0);
        INDArray formed =
                before.map(p -> p.preProcess(input, pass.rows(), pass.workspaces())).orElse(input);
        return rule.forward(formed, pass);
    }

    @Override
    public List<Optional<INDArray>> backward(INDArray epsilon, Pass pass, boolean below) {
        return toInput(rule.backward(epsilon, pass, below), pass);
    }

    /** Brings the gradient at the layer's input into the form of what came in. */
    List<Optional<INDArray>> toInput(Optional<INDArray> gradient, Pass pass) {
        if (before.isEmpty()) {
            return List.of(gradient);
        }
        return List.of(gradient.map(g -> before.get().backprop(g, pass.rows(), pass.workspaces())));
    }

    @Override
    public boolean hasParameters() {
        return rule.hasParameters();
    }

    @Override
    public boolean passesOn() {
        return rule.passesOn();
    }

    @Override
    public void clear() {
        rule.clear();
    }
}
