package org.learningdynamics.train;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.learningdynamics.loss.AotLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.WeightedLoss;
import org.learningdynamics.probe.ProbeSet;

/**
 * Scores a whole training set against saved checkpoints: which example moved which response, for
 * every example and not only for those in recorded batches.
 *
 * <pre>{@code
 * total(i, o) = Σ_k rate_k·⟨∇ log π(y_o), −∇ℓ_i⟩ at θ_k     (DOT; over both norms for COSINE)
 * self(i)     = Σ_k rate_k·‖∇ℓ_i‖²
 * }</pre>
 *
 * <p>ℓ_i is the loss of the batch that holds example i alone, y_o a probe's response, rate_k the
 * learning rate at checkpoint k. Positive totals are helpers: to first order, a plain gradient step
 * on i at each checkpoint raises log π(y_o) by that much (nats). What the optimiser, other examples
 * of a batch and the steps between checkpoints did is not in it. Losses that compare examples with
 * each other or with a running state (aot, kto, bco) have no ℓ_i and are refused.
 *
 * <pre>{@code
 * CheckpointInfluence.builder(Checkpoint.in(Path.of("dpo")), data, options, probes)
 *         .build()
 *         .run(Path.of("influence.ldyn"));
 * }</pre>
 *
 * <p>Works in blocks of (checkpoint, examples, probe rows); memory grows with blocks, not with the
 * data, but for one number a response and example for a reference. Each finished block is stored
 * with its mark in one transaction: called again after a kill, a job goes on where it was, and its
 * sums are bit for bit those of an undisturbed one. Cost: a forward pass over the data for a
 * reference, and for each checkpoint two forward and one backward pass over the data, and one of
 * each over the probe rows, again for every block of examples as far as the memory does not hold
 * their gradients.
 *
 * <p>A gradient that is not finite makes the sums of its example NaN for good, with an event that
 * names the parameters. Dropout is off, as the language model has none.
 *
 * <p>Source: Pruthi et al., Estimating Training Data Influence by Tracing Gradient Descent, NeurIPS
 * 2020, section 3.2 (TracInCP).
 */
public final class CheckpointInfluence {
    private final InfluenceJob job;

    private CheckpointInfluence(InfluenceJob job) {
        this.job = job;
    }

    /**
     * Starts with what every job needs.
     *
     * @param checkpoints at least one, of distinct iterations
     * @param data what was learnt, all of it
     * @param training how; method and loss count
     * @param probes whose responses are observed
     * @return a builder
     */
    public static Builder builder(
            List<Checkpoint> checkpoints,
            TrainingData data,
            TrainingOptions training,
            ProbeSet probes) {
        return new Builder(checkpoints, data, training, probes);
    }

    /**
     * Does what is left of the job. Blocks until then; works on the caller's thread.
     *
     * @param file a new run file, or one that this job began; gets the tables {@code attribution}
     *     and {@code self_influence}, and the options in its header
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be written, or
     *     belongs to another job or run
     * @throws org.learningdynamics.data.DataException if a checkpoint cannot be read or does not
     *     fit the data
     * @throws IllegalArgumentException if a chosen layer is none of the model's
     */
    public void run(Path file) {
        job.run(file);
    }

    /**
     * The same job in pieces, for programs that spread it over machines.
     *
     * @return its pieces, nothing of it done yet
     * @throws IllegalArgumentException if no projection was chosen: whole gradients do not travel
     */
    public InfluencePieces pieces() {
        return new InfluencePieces(job);
    }

    /** Collects a {@link CheckpointInfluence}; {@link #build} checks that its parts fit. */
    public static final class Builder {
        private final List<Checkpoint> checkpoints;
        private final TrainingData data;
        private final TrainingOptions training;
        private final ProbeSet probes;
        private Optional<Path> reference = Optional.empty();
        private CheckpointInfluenceOptions options = CheckpointInfluenceOptions.defaults();
        private Consumer<InfluenceProgress> progress = at -> {};
        private InstantSource clock = InstantSource.system();

        private Builder(
                List<Checkpoint> checkpoints,
                TrainingData data,
                TrainingOptions training,
                ProbeSet probes) {
            this.checkpoints =
                    checkpoints.stream()
                            .sorted(Comparator.comparingLong(Checkpoint::iteration))
                            .toList();
            this.data = data;
            this.training = training;
            this.probes = probes;
        }

        /**
         * Gives the reference model of a preference method.
         *
         * @param model a saved model; the checkpoint of iteration 0 unless given
         * @return this
         */
        public Builder reference(Path model) {
            reference = Optional.of(model);
            return this;
        }

        /**
         * Chooses form, layers, projection and blocks.
         *
         * @param value exact inner products of everything unless given
         * @return this
         */
        public Builder options(CheckpointInfluenceOptions value) {
            options = value;
            return this;
        }

        /**
         * Shows progress.
         *
         * @param value told before the first and after every block, on the thread that works
         * @return this
         */
        public Builder progress(Consumer<InfluenceProgress> value) {
            progress = value;
            return this;
        }

        /**
         * Sets the clock that the run file's date comes from.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the job, not started
         * @throws IllegalArgumentException if checkpoints, data, method and reference do not fit
         *     together, or the loss has no value for single examples
         */
        public CheckpointInfluence build() {
            requireCheckpoints();
            requireFittingData();
            requireSingleExamples(training.loss());
            Optional<Path> model = training.loss().needsReference() ? referenceModel() : none();
            return new CheckpointInfluence(
                    new InfluenceJob(
                            checkpoints, data, training, probes, model, options, progress, clock));
        }

        private void requireCheckpoints() {
            if (checkpoints.isEmpty()) {
                throw new IllegalArgumentException("checkpoints must be at least one, got none");
            }
            List<Long> iterations = checkpoints.stream().map(Checkpoint::iteration).toList();
            if (new HashSet<>(iterations).size() < iterations.size()) {
                throw new IllegalArgumentException(
                        "checkpoints must have distinct iterations, got " + iterations);
            }
        }

        private void requireFittingData() {
            TrainingMethod method = training.method();
            if (method.form() != data.form()) {
                throw new IllegalArgumentException(
                        "method "
                                + method.label()
                                + " needs "
                                + method.form().words()
                                + ", got "
                                + data.form().words());
            }
            Set<Long> ids = new HashSet<>();
            for (TrainingItem item : data.items()) {
                if (!ids.add(item.example())) {
                    throw new IllegalArgumentException(
                            "example ids must be unique, got " + item.example() + " twice");
                }
            }
        }

        private static void requireSingleExamples(Loss loss) {
            if (loss instanceof WeightedLoss sum) {
                sum.terms().forEach(term -> requireSingleExamples(term.loss()));
            }
            boolean state =
                    loss.needs().contains(LossNeed.KL)
                            || loss.needs().contains(LossNeed.REWARD_SHIFT);
            if (loss instanceof AotLoss || state) {
                throw new IllegalArgumentException(
                        "loss must be one of single examples, got "
                                + loss.name()
                                + ", which compares an example with "
                                + (state ? "what others had before" : "others of its batch"));
            }
        }

        private Optional<Path> referenceModel() {
            Checkpoint first = checkpoints.get(0);
            if (reference.isEmpty() && first.iteration() > 0) {
                throw new IllegalArgumentException(
                        "reference must be given where no checkpoint is of iteration 0, the first"
                                + " is of "
                                + first.iteration());
            }
            return Optional.of(reference.orElse(first.file()));
        }

        private Optional<Path> none() {
            if (reference.isPresent()) {
                throw new IllegalArgumentException(
                        "method " + training.method().label() + " takes no reference, got one");
            }
            return Optional.empty();
        }
    }
}
