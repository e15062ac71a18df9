package org.learningdynamics.model;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer whose parameters are not trained: they have no gradients. */
final class FrozenRule extends LayerRule {
    private final LayerRule inside;
    private final boolean passesOn;

    private FrozenRule(LayerRule inside, boolean passesOn) {
        this.inside = inside;
        this.passesOn = passesOn;
    }

    /** Nothing below is trained either. */
    static FrozenRule ending(LayerRule inside) {
        return new FrozenRule(inside, false);
    }

    /** What is below is trained. */
    static FrozenRule passing(LayerRule inside) {
        return new FrozenRule(inside, inside.passesOn());
    }

    @Override
    INDArray forward(INDArray input, Pass pass) {
        return inside.forward(input, pass);
    }

    @Override
    Optional<INDArray> backward(INDArray epsilon, Pass pass, boolean below) {
        try (RowFactors unused = new RowFactors(pass.rows())) {
            return inside.backward(
                    epsilon, new Pass(pass.workspaces(), unused, pass.trained()), below);
        }
    }

    @Override
    boolean hasParameters() {
        return false;
    }

    @Override
    boolean passesOn() {
        return passesOn;
    }

    @Override
    void clear() {
        inside.clear();
    }
}
