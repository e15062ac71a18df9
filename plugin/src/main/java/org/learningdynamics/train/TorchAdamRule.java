package org.learningdynamics.train;

import java.util.Optional;
import java.util.Set;
import org.learningdynamics.train.TorchAdamUpdater.Factors;
import org.learningdynamics.update.SplitRule;
import org.learningdynamics.update.UpdateSplit;
import org.learningdynamics.update.UpdaterState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@code D∘(c(1 − β₁)g + cβ₁m₀)} with {@code D = 1/(√v + ε)}: the moment before is the history. */
record TorchAdamRule(TorchAdam config) implements SplitRule {
    @Override
    public Set<String> remembered() {
        return Set.of(TorchAdamUpdater.FIRST);
    }

    @Override
    public UpdateSplit split(UpdaterState state) {
        INDArray squares = state.after(TorchAdamUpdater.SECOND);
        double rate = config.getLearningRate(state.iteration(), state.epoch());
        Factors factors = Factors.of(config, squares.dataType(), state.iteration(), rate);
        INDArray d = Transforms.sqrt(squares, true).addi(factors.epsilon()).rdivi(1);
        INDArray history =
                state.before(TorchAdamUpdater.FIRST).mul(d).muli(factors.rate() * factors.kept());
        return new UpdateSplit(
                factors.rate() * factors.taken(), Optional.of(d), Optional.of(history));
    }
}
