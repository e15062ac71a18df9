package org.learningdynamics.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.RowLayout;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.RewardShift;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.AlarmStop;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One stage of training a {@link DecoderModel}: pre-training, supervised fine-tuning or preference
 * tuning, with its own run file. A model goes through several stages by several runs; each builds
 * its loss on a fresh graph over the model's parameters, so the updater starts anew.
 *
 * <pre>{@code
 * DecoderModel model = DecoderModel.create(DecoderConfig.builder(tokenizer.vocabularySize()).build());
 * TrainingOptions options = TrainingOptions.builder(TrainingMethod.DPO).updates(200).build();
 * TrainingRun.builder(model, TrainingData.preferences(pairs, encoder), options)
 *         .recording(RunRecording.of(Path.of("dpo.ldyn"), probes, Schedule.every(20)))
 *         .build()
 *         .run();
 * }</pre>
 *
 * <p>A preference method's reference is the model as it is when the run starts, unless another is
 * given; its log-probabilities are computed once, before the first update, unless the {@link
 * ReferenceMode} is live.
 */
public final class TrainingRun {
    private final DecoderModel model;
    private final TrainingData data;
    private final TrainingOptions options;
    private final String name;
    private final DecoderModel reference;
    private final ReferenceMode referenceMode;
    private final Optional<ReferenceSync> referenceSync;
    private final Optional<RunRecording> recording;
    private final Optional<CheckpointPlan> checkpoints;
    private final Optional<ReferenceCache> referenceCache;
    private final Optional<StatePlan> states;
    private final Optional<AlarmStop> stop;
    private final Optional<Path> resumed;
    private final Progress progress;
    private final Consumer<Measurement> told;
    private final List<Listener> listeners;
    private final InstantSource clock;

    private TrainingRun(Builder builder) {
        model = builder.model;
        data = builder.data;
        options = builder.options;
        name = builder.name;
        reference = builder.reference.orElse(builder.model);
        referenceMode = builder.referenceMode;
        referenceSync = builder.referenceSync;
        recording = builder.recording;
        checkpoints = builder.checkpoints;
        referenceCache = builder.referenceCache;
        states = builder.states;
        stop = builder.stop;
        resumed = builder.resumed;
        progress = builder.progress;
        told = builder.told;
        listeners = List.copyOf(builder.listeners);
        clock = builder.clock;
    }

    /**
     * Starts with what every run needs.
     *
     * @param model the model to train, in place
     * @param data what to learn from
     * @param options how
     * @return a builder
     */
    public static Builder builder(DecoderModel model, TrainingData data, TrainingOptions options) {
        return new Builder(model, data, options);
    }

    /**
     * Trains the model by exactly the number of updates asked for, or until an alarm that it is to
     * stop on. Blocks until then; the caller's thread trains. A recorded run runs once: its file
     * belongs to it.
     *
     * @return losses and findings
     * @throws org.learningdynamics.recording.RunFileException if the run file cannot be written
     * @throws IllegalArgumentException if pairs share an example id or the run file exists
     * @throws java.io.UncheckedIOException if a checkpoint or state cannot be written
     * @throws org.learningdynamics.data.DataException if the state to resume from or the reference
     *     cache cannot be read
     */
    public TrainingResult run() {
        TrainingGraph graph = TrainingGraph.of(model, options);
        BatchPlan plan = new BatchPlan(data, options);
        CurrentBatch current = new CurrentBatch();
        try (References references = references(plan)) {
            RunStates folders =
                    new RunStates(
                            name,
                            model,
                            graph,
                            references,
                            Provenance.identity(name, model, data, options, references.origin()));
            Optional<RunState> from = resumed.map(path -> folders.load(path, plan));
            int done = from.map(RunState::updates).orElse(0);
            from.ifPresent(state -> references.resume(state.updates()));
            try (RunSession session = open(graph, current, done)) {
                TrainingMonitor monitor =
                        new TrainingMonitor(name, options, graph, progress, session::record, from);
                if (done == 0) {
                    coupled().ifPresent(session::record);
                }
                RewardShift shift = from.map(RunState::shift).orElseGet(RewardShift::new);
                List<Listener> last =
                        states.map(s -> folders.saving(s, plan, monitor, shift, session)).stream()
                                .toList();
                List<Listener> all = listeners(graph, references, monitor, shift);
                fit(graph, plan, references, shift, session.with(all, last), current, done);
                return finish(session, monitor);
            }
        }
    }

    private References references(BatchPlan plan) {
        if (!options.loss().needsReference()) {
            return References.none();
        }
        return referenceMode == ReferenceMode.PRECOMPUTED
                ? References.precomputed(
                        referenceCache
                                .map(cache -> cache.of(reference, plan, data))
                                .orElseGet(() -> ReferenceLogProbs.of(reference, plan)))
                : References.live(model, reference, referenceSync, plan);
    }

    private List<Listener> listeners(
            TrainingGraph graph,
            References references,
            TrainingMonitor monitor,
            RewardShift shift) {
        List<Listener> all = new ArrayList<>(listeners);
        all.add(monitor);
        int done = monitor.updatesDone();
        checkpoints.ifPresent(wanted -> all.add(wanted.start(model, name, options, done)));
        all.addAll(references.listeners());
        if (options.loss().needs().contains(LossNeed.REWARD_SHIFT)) {
            all.add(new RewardShiftListener(shift, graph.startMetrics()));
        }
        return all;
    }

    private void fit(
            TrainingGraph graph,
            BatchPlan plan,
            References references,
            RewardShift shift,
            Listener[] all,
            CurrentBatch current,
            int done) {
        List<BatchArray> more = BatchArrays.of(options.loss(), references.logProbs(), shift);
        DataType type = model.config().dataType();
        try (BatchIterator batches = new BatchIterator(plan, more, type, current, done);
                TrainingLoop loop = loop(graph, batches)) {
            loop.fit(batches, plan.epochs() - done / plan.batchesPerEpoch(), all);
        }
    }

    private TrainingLoop loop(TrainingGraph graph, BatchSplit split) {
        TrainingLoop.Builder builder = TrainingLoop.builder(graph.graph()).split(split);
        options.update().maxGradientNorm().ifPresent(builder::maxGradientNorm);
        return builder.build();
    }

    private RunSession open(TrainingGraph graph, CurrentBatch current, int done) {
        if (recording.isEmpty()) {
            return RunSession.unrecorded();
        }
        requireFile(recording.get().file(), resumed);
        RunHeader header = header();
        RunRecording recorded = recording.get();
        Optional<InfluenceOptions> influence =
                recorded.influence()
                        .map(chosen -> chosen.withLayout(layout()).withExampleIds(current));
        return RunSession.open(
                recorded, influence, header, clock, data, graph, model, done, stop, told);
    }

    private RunHeader header() {
        Optional<String> source =
                options.loss().needsReference()
                        ? Optional.of(reference == model ? "start" : "given")
                        : Optional.empty();
        return Provenance.header(name, clock.instant(), model.config(), data, options, source);
    }

    /** Losses that sort a batch have no loss of a single example. */
    private Optional<Event> coupled() {
        boolean sorted =
                Stream.of(TrainingMethod.AOT, TrainingMethod.AOT_UNPAIRED)
                        .anyMatch(method -> options.loss().name().contains(method.label()));
        boolean measured = recording.isPresent() && recording.get().influence().isPresent();
        return sorted && measured
                ? Optional.of(
                        new Event(
                                -1,
                                Severity.WARNING,
                                "influence_coupled",
                                "loss "
                                        + options.loss().name()
                                        + " sorts the pairs of a batch: an influence is that of the"
                                        + " batch's loss through one pair, which would be another in"
                                        + " another batch"))
                : Optional.empty();
    }

    private RowLayout layout() {
        return switch (options.method().form()) {
            case RESPONSES -> RowLayout.EXAMPLES;
            case PAIRS -> RowLayout.PAIRS;
            case LABELLED -> RowLayout.FIRST_HALF;
        };
    }

    private static void requireFile(Path file, Optional<Path> resumed) {
        if (resumed.isEmpty() && Files.exists(file)) {
            throw new IllegalArgumentException(
                    "recording must go to a new file, got " + file + ", which exists");
        }
        if (resumed.isPresent() && !Files.exists(file)) {
            throw new IllegalArgumentException(
                    "recording must go on in the run's file, got " + file + ", which is not there");
        }
    }

    private TrainingResult finish(RunSession session, TrainingMonitor monitor) {
        session.close();
        boolean ended = monitor.updatesDone() == options.updates();
        return new TrainingResult(
                monitor.losses(),
                monitor.events(),
                session.failures(),
                monitor.elapsed(),
                ended ? Optional.empty() : stop.flatMap(AlarmStop::raised));
    }

    /** Collects a {@link TrainingRun}; {@link #build} checks that its parts fit together. */
    public static final class Builder {
        private final DecoderModel model;
        private final TrainingData data;
        private final TrainingOptions options;
        private String name;
        private Optional<DecoderModel> reference = Optional.empty();
        private ReferenceMode referenceMode = ReferenceMode.PRECOMPUTED;
        private Optional<ReferenceSync> referenceSync = Optional.empty();
        private Optional<RunRecording> recording = Optional.empty();
        private Optional<CheckpointPlan> checkpoints = Optional.empty();
        private Optional<ReferenceCache> referenceCache = Optional.empty();
        private Optional<StatePlan> states = Optional.empty();
        private Optional<Path> resumed = Optional.empty();
        private Optional<AlarmStop> stop = Optional.empty();
        private Progress progress = Progress.silent();
        private Consumer<Measurement> told = measurement -> {};
        private final List<Listener> listeners = new ArrayList<>();
        private InstantSource clock = InstantSource.system();

        private Builder(DecoderModel model, TrainingData data, TrainingOptions options) {
            this.model = model;
            this.data = data;
            this.options = options;
            this.name = options.method().label();
        }

        /**
         * Names the run.
         *
         * @param value the name in progress and run file; the method's by default
         * @return this
         */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /**
         * Gives a reference model other than the model at the start.
         *
         * @param value a model of the same vocabulary; it is only read
         * @return this
         */
        public Builder reference(DecoderModel value) {
            reference = Optional.of(value);
            return this;
        }

        /**
         * Chooses when log-probabilities under the reference are computed.
         *
         * @param value precomputed by default; a live reference is a copy of the model given, or of
         *     the model at the start
         * @return this
         */
        public Builder referenceMode(ReferenceMode value) {
            referenceMode = value;
            return this;
        }

        /**
         * Moves the reference towards the model now and then.
         *
         * @param value how; needs {@link ReferenceMode#LIVE}
         * @return this
         */
        public Builder referenceSync(ReferenceSync value) {
            referenceSync = Optional.of(value);
            return this;
        }

        /**
         * Records the run.
         *
         * @param value what and where
         * @return this
         */
        public Builder recording(RunRecording value) {
            recording = Optional.of(value);
            return this;
        }

        /**
         * Saves the model before the first update and after every so many updates, in files {@code
         * NAME-step000120.safetensors} that appear whole or not at all. Each notes run, iteration
         * and learning rate, see {@link Checkpoint}. Costs one write of the parameters each time.
         *
         * @param directory an existing directory without checkpoints of a run of this name
         * @param every updates from one checkpoint to the next, at least 1
         * @return this
         * @throws IllegalArgumentException if {@code every} is below 1
         */
        public Builder checkpoints(Path directory, int every) {
            checkpoints = Optional.of(new CheckpointPlan(directory, every));
            return this;
        }

        /**
         * Keeps the reference's log-probabilities in a file, so that later runs need no pass of the
         * reference. The file is written by the first run and refused by every run whose data,
         * tokenizer, truncation, reference, batch size or seed is another.
         *
         * @param file a safetensors file, or where to write it
         * @return this
         */
        public Builder referenceCache(Path file) {
            referenceCache = Optional.of(new ReferenceCache(file));
            return this;
        }

        /**
         * Writes what the run can be resumed from after every so many updates, but for the last: a
         * folder {@code NAME-update000120} each, with the model, the updater's states (both
         * safetensors) and {@code state.json}, that appears whole or not at all. Everything
         * recorded until then is in the run file first. Costs one write of the model and of the
         * updater's states each time.
         *
         * @param directory an existing directory
         * @param every updates from one state to the next, at least 1
         * @param keep how many of the newest are kept, at least 1
         * @return this
         * @throws IllegalArgumentException if {@code every} or {@code keep} is below 1
         */
        public Builder states(Path directory, int every, int keep) {
            states = Optional.of(new StatePlan(directory, every, keep));
            return this;
        }

        /**
         * Goes on with a run that was interrupted. Everything else must be given as it was when the
         * run began: the model with the parameters that it started from (they are replaced by the
         * state's after the reference's log-probabilities are known), data, options, the
         * recording's file. The run then ends with the same parameters, updater states, losses and
         * recordings as if it had not been interrupted, bit by bit. Times differ; the run file has
         * an event {@code resumed}; a run that ended by an exception keeps its final recording, if
         * its schedule wants one; the drift of a recorded kernel is measured from the first
         * recording after it.
         *
         * <p>{@link #run} refuses, naming what differs, where data, tokens, options, model or
         * reference are not the run's.
         *
         * @param from a folder that {@link #states} wrote, or its directory, of which the run's
         *     newest folder is taken
         * @return this
         */
        public Builder resume(Path from) {
            resumed = Optional.of(from);
            return this;
        }

        /**
         * Ends the run after the update at which its recording shows one of some alarms; needs a
         * recording. The model is left as it is then.
         *
         * @param value which alarms; for this run only
         * @return this
         */
        public Builder stopOn(AlarmStop value) {
            stop = Optional.of(value);
            return this;
        }

        /**
         * Tells of every measurement of the recording before it is stored, while training waits for
         * it. An exception of the receiver counts as a failed recording, training goes on; to stop
         * the run throw from {@link #progress}, which is asked before the next recording.
         *
         * @param value told on the thread that measures; must be quick
         * @return this
         */
        public Builder measurements(Consumer<Measurement> value) {
            told = value;
            return this;
        }

        /**
         * Shows progress.
         *
         * @param value told after every update
         * @return this
         */
        public Builder progress(Progress value) {
            progress = value;
            return this;
        }

        /**
         * Adds a listener of the host; it is attached during this run only.
         *
         * @param value the listener
         * @return this
         */
        public Builder listener(Listener value) {
            listeners.add(value);
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
         * @return the run, not started
         * @throws IllegalArgumentException if data, method, model, reference and probes do not fit
         *     together
         */
        public TrainingRun build() {
            requireMatchingData();
            requireVocabulary("model", model);
            requireLength("training data", data.longest(), model);
            reference.ifPresent(this::requireReference);
            referenceSync.ifPresent(this::requireSync);
            recording.ifPresent(this::requireRecordable);
            if (resumed.isEmpty()) {
                checkpoints.ifPresent(plan -> plan.requireFree(name));
            }
            states.ifPresent(StatePlan::requireDirectory);
            if (stop.isPresent() && recording.isEmpty()) {
                throw new IllegalArgumentException(
                        "a run that stops on alarms must be recorded, got no recording");
            }
            referenceCache.ifPresent(cache -> requireCachable());
            return new TrainingRun(this);
        }

        private void requireMatchingData() {
            TrainingMethod method = options.method();
            if (method.form() != data.form()) {
                throw new IllegalArgumentException(
                        "method "
                                + method.label()
                                + " needs "
                                + method.form().words()
                                + ", got "
                                + data.form().words());
            }
        }

        private void requireCachable() {
            if (referenceMode != ReferenceMode.PRECOMPUTED || !options.loss().needsReference()) {
                throw new IllegalArgumentException(
                        "a reference cache needs a precomputed reference, got method "
                                + options.method().label()
                                + " with "
                                + (options.loss().needsReference()
                                        ? "a live reference"
                                        : "no reference"));
            }
        }

        private void requireSync(ReferenceSync sync) {
            if (referenceMode != ReferenceMode.LIVE || !options.loss().needsReference()) {
                throw new IllegalArgumentException(
                        "a synced reference must be live, got " + sync + " without one");
            }
            reference
                    .filter(other -> other != model)
                    .ifPresent(
                            other ->
                                    ReferenceSync.requireCompatible(
                                            model.parameters(), other.parameters()));
        }

        private void requireVocabulary(String what, DecoderModel candidate) {
            int known = candidate.config().vocabularySize();
            int needed = data.tokenizer().vocabularySize();
            if (known < needed) {
                throw new IllegalArgumentException(
                        what
                                + " must know the tokenizer's "
                                + needed
                                + " ids, got a vocabulary of "
                                + known);
            }
        }

        private void requireReference(DecoderModel candidate) {
            if (!options.loss().needsReference()) {
                throw new IllegalArgumentException(
                        "method " + options.method().label() + " takes no reference, got one");
            }
            requireVocabulary("reference", candidate);
            requireLength("reference data", data.longest(), candidate);
        }

        /** The last token of a sequence is never an input. */
        private static void requireLength(String what, int tokens, DecoderModel reader) {
            int longest = reader.config().maxLength() + 1;
            if (tokens > longest) {
                throw new IllegalArgumentException(
                        what
                                + " must have at most "
                                + longest
                                + " tokens a sequence, got "
                                + tokens);
            }
        }

        private void requireRecordable(RunRecording watched) {
            requireFile(watched.file(), resumed);
            List<EncodedProbeRow> rows = EncodedProbes.encode(watched.probes(), data.encoder());
            int longest = rows.stream().mapToInt(row -> row.encoded().length()).max().orElse(0);
            requireLength("probes", longest, model);
        }
    }
}
