package org.learningdynamics.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.PairwiseLoss;
import org.learningdynamics.loss.WeightedLoss;

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
 * @param loss the loss, of the method or a composition that learns from the same examples
 * @param seed decides the order of the examples
 * @param update accumulation, clipping and decay
 */
public record TrainingOptions(
        TrainingMethod method,
        int updates,
        int batchSize,
        double learningRate,
        int warmupUpdates,
        LearningRateDecay decay,
        Optimizer optimizer,
        Loss loss,
        long seed,
        UpdateOptions update) {
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
     * @param loss the loss
     * @param seed order of the examples
     * @param update accumulation, clipping and decay
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
        if (method.isPairwise() != onPairs(loss)) {
            throw new IllegalArgumentException(
                    "loss "
                            + loss.name()
                            + " must learn from "
                            + method.form().words()
                            + " as method "
                            + method.label()
                            + " does");
        }
        requireFitting(update, batchSize, loss, optimizer);
    }

    private static void requireFitting(
            UpdateOptions update, int batchSize, Loss loss, Optimizer optimizer) {
        if (update.microBatches() > batchSize) {
            throw new IllegalArgumentException(
                    "microBatches must be at most batchSize = "
                            + batchSize
                            + ", got "
                            + update.microBatches());
        }
        if (update.microBatches() > 1) {
            BatchMean.of(loss);
        }
        optimizer.requireDecay(update.weightDecay());
    }

    private static boolean onPairs(Loss loss) {
        return loss instanceof PairwiseLoss || (loss instanceof WeightedLoss sum && sum.onPairs());
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
     * Starts options with a method's name or a composition of losses, such as {@code dpo:js} or
     * {@code dpo+0.2*sft} (see {@link Losses}). A composition learns from what its first pairwise
     * loss learns from, or else its first.
     *
     * @param text a method or a composition
     * @return a builder
     * @throws IllegalArgumentException if a name in it is unknown
     */
    public static Builder builder(String text) {
        List<TrainingMethod> terms =
                Arrays.stream(text.split("\\+", -1))
                        .map(term -> term.substring(term.indexOf('*') + 1))
                        .map(term -> TrainingMethod.of(term.replaceFirst(":.*", "").trim()))
                        .toList();
        TrainingMethod method =
                terms.stream().filter(TrainingMethod::isPairwise).findFirst().orElse(terms.get(0));
        Builder builder = new Builder(method);
        return text.equals(method.label()) ? builder : builder.loss(text);
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
        all.put("loss", loss.name());
        loss.parameters().forEach((name, value) -> all.put(name, Double.toString(value)));
        all.put("seed", Long.toString(seed));
        update.describe(all);
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
        private String lossName;
        private final Map<String, Double> general = new LinkedHashMap<>();
        private final Map<String, Double> parameters = new LinkedHashMap<>();
        private long seed = DEFAULT_SEED;
        private int microBatches = UpdateOptions.DEFAULT.microBatches();
        private OptionalDouble maxGradientNorm = OptionalDouble.empty();
        private double weightDecay;

        private Builder(TrainingMethod method) {
            this.method = method;
            lossName = method.lossName();
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
         * Takes another loss than the method's own.
         *
         * @param composition as {@link Losses#byName} reads it, such as {@code dpo+0.2*sft}
         * @return this
         */
        public Builder loss(String composition) {
            lossName = composition;
            return this;
        }

        /**
         * Sets a parameter of the loss.
         *
         * @param name such as {@code gamma}, or {@code bco.beta} of one term of a sum
         * @param value refused by {@link #build} if the loss has no such parameter or it is out of
         *     range
         * @return this
         */
        public Builder lossParameter(String name, double value) {
            parameters.put(name, value);
            return this;
        }

        /**
         * Sets β of the losses that have one; others take no notice.
         *
         * @param value above 0; the loss's own default unless set
         * @return this
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder beta(double value) {
            if (!(value > 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("beta must be > 0, got " + value);
            }
            general.put("beta", value);
            return this;
        }

        /**
         * Sets the label smoothing of the losses that have it; others take no notice.
         *
         * @param value in [0, 0.5); the loss's own default unless set
         * @return this
         * @throws IllegalArgumentException if it is outside
         */
        public Builder labelSmoothing(double value) {
            if (!(value >= 0 && value < 0.5)) {
                throw new IllegalArgumentException(
                        "labelSmoothing must be in [0, 0.5), got " + value);
            }
            general.put("label_smoothing", value);
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
         * Cuts every batch into micro-batches whose gradients are added up. The update is that of
         * the whole batch up to rounding: each counts as its share of the examples, or of the
         * tokens where the loss is a mean over tokens.
         *
         * @param value passes an update, at least 1, the default, and at most the batch size;
         *     losses that look at a whole batch allow 1 only
         * @return this
         */
        public Builder microBatches(int value) {
            microBatches = value;
            return this;
        }

        /**
         * Clips gradients by their global norm, as PyTorch's {@code clip_grad_norm_} does.
         *
         * @param value above 0; no clipping unless set
         * @return this
         */
        public Builder maxGradientNorm(double value) {
            maxGradientNorm = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets the decay of the parameters by {@link Optimizer#ADAMW}.
         *
         * @param value λ, at least 0, the default
         * @return this
         */
        public Builder weightDecay(double value) {
            weightDecay = value;
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
                    lossWithParameters(),
                    seed,
                    new UpdateOptions(microBatches, maxGradientNorm, weightDecay));
        }

        private Loss lossWithParameters() {
            Set<String> known = Losses.byName(lossName).parameters().keySet();
            Map<String, Double> all = new LinkedHashMap<>(parameters);
            general.forEach(
                    (name, value) -> {
                        if (known.stream()
                                .anyMatch(k -> k.equals(name) || k.endsWith('.' + name))) {
                            all.putIfAbsent(name, value);
                        }
                    });
            return Losses.byName(lossName, all);
        }
    }
}
