package org.learningdynamics.train;

import java.util.Optional;
import java.util.Set;
import org.learningdynamics.update.SplitRule;
import org.learningdynamics.update.UpdateSplit;
import org.learningdynamics.update.UpdaterState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code ηD∘g} with {@code D = 1/(√v + ε)} after the step: no direction is remembered. */
record TorchRmsPropRule(TorchRmsProp config) implements SplitRule {
    @Override
    public Set<String> remembered() {
        return Set.of();
    }

    @Override
    public UpdateSplit split(UpdaterState state) {
        INDArray squares = state.after(TorchRmsPropUpdater.SQUARES);
        double root = TorchRmsPropUpdater.root(config, squares.dataType());
        double rate = config.getLearningRate(state.iteration(), state.epoch()) * root;
        INDArray d = Transforms.sqrt(squares, true).addi(config.epsilon() * root).rdivi(1);
        return new UpdateSplit(rate, Optional.of(d), Optional.empty());
    }
}
