package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What holds for every loss on pairs that knows the policy by its log-ratios alone. */
public abstract class LogRatioLossContractTest extends PairwiseLossContractTest {
    /**
     * The loss where policy and reference agree.
     *
     * @return its value
     */
    protected abstract double startValue();

    private static PairScores pair(double u, double v) {
        return new PairScores(u - 20, v - 30, -20, -30, 4, 7);
    }

    @Test
    void addingTheSameToPolicyAndReferenceChangesNothing() {
        for (double shift : new double[] {-64, 8, 1024}) {
            PairScores moved = new PairScores(3 + shift, 5 - shift, 2 + shift, 7 - shift, 4, 7);
            PairScores still = new PairScores(3, 5, 2, 7, 4, 7);
            assertEquals(loss().value(still), loss().value(moved), tolerance());
            assertEquals(loss().coefficients(still), loss().coefficients(moved));
        }
    }

    @Test
    void startsAtItsKnownValue() {
        assertTrue(loss().startsAtKnownValue());
        assertEquals(startValue(), loss().value(pair(0, 0)), tolerance());
        assertEquals(startValue(), StartCheck.expectedLoss(loss()), tolerance());
    }
}
