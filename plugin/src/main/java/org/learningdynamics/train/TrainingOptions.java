package org.learningdynamics.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;

/**
 * How one stage trains.
 *
 * @param method what is learnt
 * @param updates number of parameter updates, exact
 * @param batchSize examples of an update (pairs for a pairwise method)
 * @param learningRate peak of the learning rate
 * @param warmupUpdates updates over which the rate rises to its peak
 * @param decay what the rate does afterwards
 * @param optimizer the update rule
 * @param beta β of the losses that have one
 * @param labelSmoothing ε of cdpo and robust
 * @param seed decides the order of the examples
 */
public record TrainingOptions(
        TrainingMethod method,
        int updates,
        int batchSize,
        double learningRate,
        int warmupUpdates,
        LearningRateDecay decay,
        Optimizer optimizer,
        double beta,
        double labelSmoothing,
        long seed) {
    /** Default number of {@link #updates}. */
    public static final int DEFAULT_UPDATES = 300;

    /** Default {@link #batchSize}. */
    public static final int DEFAULT_BATCH_SIZE = 16;

    /** Default {@link #learningRate}. */
    public static final double DEFAULT_LEARNING_RATE = 5e-4;

    /** Default {@link #seed}. */
    public static final long DEFAULT_SEED = 42;

    /**
     * Checks each value and the values against each other.
     *
     * @param method what is learnt
     * @param updates number of updates
     * @param batchSize examples of an update
     * @param learningRate peak rate
     * @param warmupUpdates updates of the warm-up
     * @param decay what follows it
     * @param optimizer the update rule
     * @param beta β
     * @param labelSmoothing ε
     * @param seed order of the examples
     * @throws IllegalArgumentException naming the first rule that is broken
     */
    public TrainingOptions {
        positive("updates", updates);
        positive("batchSize", batchSize);
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learningRate must be > 0, got " + learningRate);
        }
        if (warmupUpdates < 0 || warmupUpdates >= updates) {
            throw new IllegalArgumentException(
                    "warmupUpdates must be in [0, updates = "
                            + updates
                            + "), got "
                            + warmupUpdates);
        }
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta must be > 0, got " + beta);
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
            throw new IllegalArgumentException(
                    "labelSmoothing must be in [0, 0.5), got " + labelSmoothing);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be > 0, got " + value);
        }
    }

    /**
     * Starts options with the defaults of this class.
     *
     * @param method what is learnt
     * @return a builder
     */
    public static Builder builder(TrainingMethod method) {
        return new Builder(method);
    }

    /**
     * The loss of the method with its parameters.
     *
     * @return the loss
     */
    public Loss loss() {
        return Losses.byName(method.lossName(), lossParameters());
    }

    private Map<String, Double> lossParameters() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        if (defaults(method).containsKey("beta")) {
            parameters.put("beta", beta);
        }
        if (method == TrainingMethod.CDPO || method == TrainingMethod.ROBUST) {
            parameters.put("label_smoothing", labelSmoothing);
        }
        return parameters;
    }

    private static Map<String, Double> defaults(TrainingMethod method) {
        return Losses.byName(method.lossName()).parameters();
    }

    LearningRateSchedule schedule() {
        return new LearningRateSchedule(learningRate, warmupUpdates, decay, updates);
    }

    /** The options by name, for a run's provenance. */
    Map<String, String> describe() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("method", method.label());
        all.put("updates", Integer.toString(updates));
        all.put("batch_size", Integer.toString(batchSize));
        all.put("learning_rate", Double.toString(learningRate));
        all.put("warmup_updates", Integer.toString(warmupUpdates));
        all.put("learning_rate_decay", decay.name().toLowerCase(Locale.ROOT));
        all.put("optimizer", optimizer.name().toLowerCase(Locale.ROOT));
        loss().parameters().forEach((name, value) -> all.put(name, Double.toString(value)));
        all.put("seed", Long.toString(seed));
        return Collections.unmodifiableMap(all);
    }

    /** Collects {@link TrainingOptions}; {@link #build} checks. */
    public static final class Builder {
        private final TrainingMethod method;
        private int updates = DEFAULT_UPDATES;
        private int batchSize = DEFAULT_BATCH_SIZE;
        private double learningRate = DEFAULT_LEARNING_RATE;
        private int warmupUpdates;
        private LearningRateDecay decay = LearningRateDecay.CONSTANT;
        private Optimizer optimizer = Optimizer.ADAM;
        private double beta;
        private double labelSmoothing = Losses.DEFAULT_LABEL_SMOOTHING;
        private long seed = DEFAULT_SEED;

        private Builder(TrainingMethod method) {
            this.method = method;
            beta = defaults(method).getOrDefault("beta", Losses.DEFAULT_BETA);
        }

        /**
         * Sets the number of updates.
         *
         * @param value at least 1
         * @return this
         */
        public Builder updates(int value) {
            updates = value;
            return this;
        }

        /**
         * Sets the examples of an update.
         *
         * @param value at least 1; pairs for a pairwise method
         * @return this
         */
        public Builder batchSize(int value) {
            batchSize = value;
            return this;
        }

        /**
         * Sets the peak of the learning rate.
         *
         * @param value above 0
         * @return this
         */
        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        /**
         * Sets the length of the warm-up.
         *
         * @param value updates, below the number of all updates; 0, the default, for none
         * @return this
         */
        public Builder warmupUpdates(int value) {
            warmupUpdates = value;
            return this;
        }

        /**
         * Chooses what the rate does after the warm-up.
         *
         * @param value constant by default
         * @return this
         */
        public Builder decay(LearningRateDecay value) {
            decay = value;
            return this;
        }

        /**
         * Chooses the update rule.
         *
         * @param value Adam by default
         * @return this
         */
        public Builder optimizer(Optimizer value) {
            optimizer = value;
            return this;
        }

        /**
         * Sets β of the losses that have one.
         *
         * @param value above 0; the loss's own default unless set
         * @return this
         */
        public Builder beta(double value) {
            beta = value;
            return this;
        }

        /**
         * Sets the label smoothing of cdpo and robust; other methods take no notice.
         *
         * @param value in [0, 0.5)
         * @return this
         */
        public Builder labelSmoothing(double value) {
            labelSmoothing = value;
            return this;
        }

        /**
         * Sets the seed of the examples' order.
         *
         * @param value any
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the options
         * @throws IllegalArgumentException naming the first rule that is broken
         */
        public TrainingOptions build() {
            return new TrainingOptions(
                    method,
                    updates,
                    batchSize,
                    learningRate,
                    warmupUpdates,
                    decay,
                    optimizer,
                    beta,
                    labelSmoothing,
                    seed);
        }
    }
}
