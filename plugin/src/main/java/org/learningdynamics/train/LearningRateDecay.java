package org.learningdynamics.train;

/** What the learning rate does after the warm-up. */
public enum LearningRateDecay {
    /** Stays. */
    CONSTANT {
        @Override
        double factor(double progress) {
            return 1;
        }
    },
    /** Falls in a line; the update after the last one would have rate 0. */
    LINEAR {
        @Override
        double factor(double progress) {
            return 1 - progress;
        }
    },
    /** Falls as half a cosine; the update after the last one would have rate 0. */
    COSINE {
        @Override
        double factor(double progress) {
            return (1 + Math.cos(Math.PI * progress)) / 2;
        }
    };

    /** Share of the peak at a share of the updates after the warm-up. */
    abstract double factor(double progress);
}
