package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.learningdynamics.measure.ResponseScores;

/** The running mean reward of bco. */
class RewardShiftTest {
    @Test
    void isTheMeanOverBatches() {
        RewardShift shift = new RewardShift();
        assertEquals(0, shift.current());
        for (double reward : new double[] {2, -1, 5}) {
            shift.add(reward);
        }
        assertEquals(2, shift.current(), 1e-15);
        assertEquals(3, shift.batches());
        RewardShift resumed = new RewardShift(shift.batches(), shift.current());
        resumed.add(6);
        assertEquals(3, resumed.current(), 1e-15);
    }

    @Test
    void aBatchCountsByItsMeanReward() {
        ResponseScores batch =
                new ResponseScores(new double[] {-1, -4}, new double[] {-3, -3}, new int[] {1, 1});
        assertEquals(.5 * (2 - 1) / 2, RewardShift.meanReward(.5, batch), 1e-15);
    }

    @Test
    void refusesWhatWouldSpoilTheMean() {
        RewardShift shift = new RewardShift();
        assertRefused("reward must be finite, got NaN", () -> shift.add(Double.NaN));
        assertEquals(0, shift.batches());
        assertRefused("batches must be >= 0, got -1", () -> new RewardShift(-1, 0));
        assertRefused("mean of no batches must be 0, got 0.5", () -> new RewardShift(0, .5));
    }

    private static void assertRefused(
            String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void bcoRefusesABatchWithoutShift() {
        ResponseScores bare = new ResponseScores(new double[2], new double[2], new int[] {1, 1});
        assertRefused(
                "loss bco needs a reward shift, got none", () -> new BcoLoss(.1).values(bare));
    }
}
