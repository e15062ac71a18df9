package org.learningdynamics.samples.digits;

import org.learningdynamics.train.CosineSchedule;
import org.learningdynamics.train.HeavyBall;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * How a classifier of digits is trained: heavy-ball momentum whose rate falls as half a cosine over
 * the epochs, weight decay on all parameters.
 *
 * @param epochs passes over the training images
 * @param batchSize images an update; the last batch of an epoch may be smaller
 * @param learningRate rate of the first epoch
 * @param momentum share of the velocity that a step keeps
 * @param weightDecay added to the gradient, times the parameters
 * @param seed decides initial weights and the order of the images
 */
public record DigitRecipe(
        int epochs,
        int batchSize,
        double learningRate,
        double momentum,
        double weightDecay,
        long seed) {
    /**
     * Checks the counts; rates are checked where they are used.
     *
     * @param epochs passes over the training images
     * @param batchSize images an update
     * @param learningRate rate of the first epoch
     * @param momentum share of the velocity that a step keeps
     * @param weightDecay added to the gradient, times the parameters
     * @param seed decides initial weights and the order of the images
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public DigitRecipe {
        if (epochs < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "epochs and batchSize must be >= 1, got " + epochs + " and " + batchSize);
        }
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("weightDecay must be >= 0, got " + weightDecay);
        }
    }

    /**
     * The paper's recipe: 100 epochs, batches of 64, rate .001, momentum .9, decay .0005.
     *
     * @param seed decides initial weights and the order of the images
     * @return the recipe
     */
    public static DigitRecipe paper(long seed) {
        return new DigitRecipe(100, 64, 1e-3, HeavyBall.DEFAULT_MOMENTUM, 5e-4, seed);
    }

    /**
     * A recipe that learns the rendered digits in a few minutes: as the paper's, but 60 epochs at
     * the rate .03.
     *
     * @param seed decides initial weights and the order of the images
     * @return the recipe
     */
    public static DigitRecipe quick(long seed) {
        return paper(seed).withEpochs(60).withLearningRate(3e-2);
    }

    /**
     * The same with another length.
     *
     * @param count passes over the training images
     * @return the changed recipe
     */
    public DigitRecipe withEpochs(int count) {
        return new DigitRecipe(count, batchSize, learningRate, momentum, weightDecay, seed);
    }

    /**
     * The same with another rate.
     *
     * @param rate rate of the first epoch
     * @return the changed recipe
     */
    public DigitRecipe withLearningRate(double rate) {
        return new DigitRecipe(epochs, batchSize, rate, momentum, weightDecay, seed);
    }

    /**
     * Updates of a training.
     *
     * @param images number of training images
     * @return epochs times batches
     */
    public int updates(int images) {
        return epochs * ((images + batchSize - 1) / batchSize);
    }

    IUpdater updater() {
        return new HeavyBall(
                new CosineSchedule(ScheduleType.EPOCH, learningRate, epochs), momentum);
    }
}
