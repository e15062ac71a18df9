package org.learningdynamics.train;

import java.util.Set;
import org.learningdynamics.update.SplitRule;
import org.learningdynamics.update.UpdateSplit;
import org.learningdynamics.update.UpdaterState;

/** {@code η(μv₀ + g)}: the velocity before the step is the history. */
record HeavyBallRule(HeavyBall config) implements SplitRule {
    @Override
    public Set<String> remembered() {
        return Set.of(HeavyBallUpdater.VELOCITY);
    }

    @Override
    public UpdateSplit split(UpdaterState state) {
        double rate = config.getLearningRate(state.iteration(), state.epoch());
        return UpdateSplit.withHistory(
                rate, state.before(HeavyBallUpdater.VELOCITY).mul(rate * config.momentum()));
    }
}
