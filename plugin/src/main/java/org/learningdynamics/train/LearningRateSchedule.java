package org.learningdynamics.train;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * The learning rate of each update: {@code peak · (i + 1)/warmup} for the first {@code warmup}
 * updates i, then {@code peak · decay((i − warmup)/(updates − warmup))}. The paper's code warms up
 * by PyTorch's {@code LambdaLR} with {@code min(1, (i + 1)/(w + 1))}: that is a warm-up of {@code w
 * + 1} updates here.
 *
 * @param peak the rate at the end of the warm-up
 * @param warmupUpdates length of the warm-up
 * @param decay what comes after it
 * @param updates length of the training
 */
record LearningRateSchedule(double peak, int warmupUpdates, LearningRateDecay decay, int updates)
        implements ISchedule {
    @Override
    public double valueAt(int iteration, int epoch) {
        if (iteration < warmupUpdates) {
            return peak * (iteration + 1) / warmupUpdates;
        }
        double progress = (double) (iteration - warmupUpdates) / (updates - warmupUpdates);
        return peak * decay.factor(Math.min(1, progress));
    }

    /** Immutable, so it stands for its own copy. */
    @Override
    @SuppressWarnings("MissingSuperCall")
    public ISchedule clone() {
        return this;
    }
}
