package org.learningdynamics.loss;

import java.util.Arrays;
import org.learningdynamics.measure.ResponseScores;

/**
 * The running mean reward δ of {@link BcoLoss}: the mean, over the batches seen, of their mean
 * rewards {@code β·(s − r)}, 0 before the first. The caller adds each batch after its update and
 * feeds {@link #current()} to the next. Mutable; to be used by one thread.
 */
public final class RewardShift {
    private long batches;
    private double mean;

    /** Starts at 0. */
    public RewardShift() {}

    /**
     * Goes on from an earlier state.
     *
     * @param batches number of batches seen, at least 0
     * @param mean their mean reward, 0 if there are none
     * @throws IllegalArgumentException if the number is negative or the mean not finite
     */
    public RewardShift(long batches, double mean) {
        if (batches < 0) {
            throw new IllegalArgumentException("batches must be >= 0, got " + batches);
        }
        Arguments.requireFinite("mean", mean);
        if (batches == 0 && mean != 0) {
            throw new IllegalArgumentException("mean of no batches must be 0, got " + mean);
        }
        this.batches = batches;
        this.mean = mean;
    }

    /**
     * The mean reward so far.
     *
     * @return δ
     */
    public double current() {
        return mean;
    }

    /**
     * Number of batches seen.
     *
     * @return at least 0
     */
    public long batches() {
        return batches;
    }

    /**
     * Takes a batch in.
     *
     * @param reward mean reward of its responses, finite
     * @throws IllegalArgumentException if the reward is not finite; the state stays as it was
     */
    public void add(double reward) {
        Arguments.requireFinite("reward", reward);
        batches++;
        mean += (reward - mean) / batches;
    }

    /**
     * Mean reward of a batch.
     *
     * @param beta β &gt; 0
     * @param batch any rows
     * @return mean of β·(s − r)
     */
    public static double meanReward(double beta, ResponseScores batch) {
        Arguments.requireBeta(beta);
        double sum = Arrays.stream(batch.logProbs()).sum();
        double reference = Arrays.stream(batch.referenceLogProbs()).sum();
        return beta * (sum - reference) / batch.rows();
    }
}
