package org.learningdynamics.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdaBeliefUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

class SplitRulesTest {
    private static final int VALUES = 7;

    /** Runs an updater by itself; the rule's update of the last step, and the updater's. */
    private static double missAfter(
            int steps, DataType type, IUpdater config, GradientUpdater<?> updater) {
        SplitRule rule = SplitRules.of(config);
        Random random = new Random(5);
        double miss = Double.NaN;
        for (int t = 0; t < steps; t++) {
            INDArray x =
                    Nd4j.create(random.doubles(VALUES, -1, 1).toArray(), new long[] {VALUES}, 'c')
                            .castTo(type);
            Map<String, INDArray> before = new HashMap<>();
            rule.remembered().forEach(n -> before.put(n, updater.getState().get(n).dup()));
            INDArray update = x.dup();
            updater.applyUpdater(update, t, 0);
            UpdateSplit split = rule.split(new UpdaterState(before, updater.getState(), t, 0));
            INDArray own = x.mul(split.preconditioner().orElseThrow()).muli(split.scale());
            own.addi(split.history().orElseThrow());
            miss = SplitAssertions.largest(own.sub(update)) / SplitAssertions.largest(update);
        }
        return miss;
    }

    @Test
    void adaBeliefIsSplitThoughNoHostCanStartIt() {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            AdaBelief config = new AdaBelief(.03, .8, .9, 1e-3);
            var updater = new AdaBeliefUpdater(config);
            updater.setState(
                    Map.of("M", Nd4j.zeros(type, VALUES), "S", Nd4j.zeros(type, VALUES)), true);
            double miss = missAfter(6, type, config, updater);
            assertTrue(miss < (type == DataType.DOUBLE ? 1e-13 : 2e-6), type + " " + miss);
        }
    }

    @Test
    void aRateOfZeroIsReplacedAsNd4jDoes() {
        Adam config = new Adam(0, .8, .9, 1e-3);
        INDArray state = Nd4j.zeros(DataType.DOUBLE, 1, 2 * VALUES);
        double miss = missAfter(3, DataType.DOUBLE, config, config.instantiate(state, true));
        assertTrue(miss < 1e-13, "off by " + miss);
    }

    @Test
    void namesAStateThatIsNotThere() {
        var state = new UpdaterState(Map.of(), Map.of("V", Nd4j.zeros(2)), 0, 0);
        var error = assertThrows(IllegalStateException.class, () -> state.before("M"));
        assertEquals("updater must have the state M before the step, got []", error.getMessage());
        error = assertThrows(IllegalStateException.class, () -> state.after("M"));
        assertEquals("updater must have the state M after the step, got [V]", error.getMessage());
    }
}
