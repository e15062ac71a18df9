package org.learningdynamics.spark.dl4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.recording.RunHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records data-parallel training by parameter averaging: the replica of every worker between two
 * averagings, and the averaged network after each.
 *
 * <pre>{@code
 * try (SparkDynamics dynamics =
 *         SparkDynamics.builder(training).probes(probes).recordTo(file, header).build()) {
 *     training.fit(data);
 * }
 * }</pre>
 *
 * <p>In the same folder as the file of the averaged network, {@code NAME.ldyn}, there is one {@code
 * NAME-worker-i.ldyn} for partition {@code i} of all rounds, which begins with the network that
 * training starts with. Iterations are updates of one worker, counted over all rounds; each round
 * counts as many as the averaging frequency says. How far the replicas are apart is in the metrics
 * {@code workers/spread/KIND} of the averaged network's file, what averaging does to the
 * log-probabilities in {@code averaging/jump/KIND}; docs/spark-training.md has the formulas.
 *
 * <p>A worker's measurements come home in the result that holds its parameters: what is stored
 * belongs to the parameters that were averaged, each once, whatever died or ran twice on the way.
 * Training is bit by bit what it is without. Whatever fails is counted ({@link #failures()}),
 * logged once and goes no further.
 *
 * <p>Called on the driver by the thread that trains. Cost: of each recording on a worker one
 * forward pass of the probes, and in the round's result 1 KB and 90 bytes a response; on the driver
 * a forward pass of the probes a round, while the cluster waits.
 */
public final class SparkDynamics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkDynamics.class);

    private final RoundRecording rounds;
    private final ClusterFiles files;
    private final JavaSparkContext context;
    private final Broadcast<byte[]> settings;
    private final Runnable detach;
    private long failedRounds;
    private boolean closed;

    private SparkDynamics(Builder builder, ClusterFiles files) {
        this.files = files;
        ClusterTraining training = builder.training;
        ClassProbes probes = builder.required("probes", builder.probes);
        rounds =
                new RoundRecording(
                        training,
                        files,
                        WorkerSettings.builder(training.network())
                                .probes(probes)
                                .tokens(builder.tokens));
        context = training.context();
        settings = context.broadcast(JavaBytes.of(builder.settings(probes)));
        TrainingListener[] others = builder.others.toArray(new TrainingListener[0]);
        detach = () -> training.attach().accept(null, others);
        training.attach().accept(new RoundRouter(this::store), withWorkers(builder));
    }

    private TrainingListener[] withWorkers(Builder builder) {
        List<TrainingListener> all = new ArrayList<>(builder.others);
        String session = UUID.randomUUID().toString();
        all.add(new WorkerListener(settings, session, builder.training::iteration));
        return all.toArray(new TrainingListener[0]);
    }

    /**
     * Starts with the training of a multi-layer network.
     *
     * @param training with a parameter-averaging master; its listeners are replaced by {@link
     *     Builder#build()}
     * @return a builder
     * @throws IllegalArgumentException if another master averages, or backpropagation is truncated
     */
    public static Builder builder(SparkDl4jMultiLayer training) {
        return new Builder(ClusterTraining.of(training));
    }

    /**
     * Starts with the training of a graph.
     *
     * @param training with a parameter-averaging master; its listeners are replaced by {@link
     *     Builder#build()}
     * @return a builder
     * @throws IllegalArgumentException if another master averages, or backpropagation is truncated
     */
    public static Builder builder(SparkComputationGraph training) {
        return new Builder(ClusterTraining.of(training));
    }

    private void store(List<WorkerRecording> workers) {
        try {
            rounds.store(workers);
        } catch (RuntimeException e) {
            if (failedRounds++ == 0) {
                LOG.error("an averaging round could not be recorded whole; training goes on", e);
            }
        }
    }

    /**
     * The averaging rounds that came home.
     *
     * @return their number so far
     */
    public long rounds() {
        return rounds.rounds();
    }

    /**
     * The run files so far.
     *
     * @return that of the averaged network, then one a worker, by number
     */
    public List<Path> files() {
        return files.paths();
    }

    /**
     * What could not be done so far, on the driver and by the attempts whose parameters counted.
     *
     * @return the counts; a round that could not be stored whole counts as one callback
     */
    public ListenerFailures failures() {
        ListenerFailures counted = rounds.failures();
        return new ListenerFailures(
                counted.probeBatches(),
                counted.recorderCalls(),
                counted.callbacks() + failedRounds);
    }

    /**
     * Takes the listener off the training, whose other listeners stay, and closes the files. Does
     * nothing when repeated.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            detach.run();
            rounds.close();
            if (!context.sc().isStopped()) {
                settings.destroy();
            }
        }
    }

    /** Collects the settings of {@link SparkDynamics}. */
    public static final class Builder {
        private final ClusterTraining training;
        private final List<TrainingListener> others = new ArrayList<>();
        private @Nullable ClassProbes probes;
        private @Nullable Path file;
        private @Nullable RunHeader header;
        private Schedule schedule;
        private TokenDetail tokens = TokenDetail.NONE;
        private @Nullable WorkerInfluence influence;

        private Builder(ClusterTraining training) {
            this.training = training;
            schedule = Schedule.every(training.master().getAveragingFrequency());
        }

        /**
         * What to watch on the workers and on the driver; required.
         *
         * @param watched the probes
         * @return this builder
         */
        public Builder probes(ClassProbes watched) {
            this.probes = watched;
            return this;
        }

        /**
         * When workers record, in updates of one worker over all rounds. The averaged network is
         * recorded when the builder builds and after every round, whatever the schedule says; the
         * state that a round starts from is only recorded there.
         *
         * @param when by default the last update of each round, before the averaging
         * @return this builder
         * @throws IllegalArgumentException if it asks for the ends of epochs or of training, of
         *     which workers are not told
         */
        public Builder schedule(Schedule when) {
            if (when.recordsEpochEnds() || when.recordsFinal()) {
                throw new IllegalArgumentException(
                        "schedule must go by updates, because workers are not told where an epoch"
                                + " or training ends, got "
                                + when);
            }
            this.schedule = when;
            return this;
        }

        /**
         * Whether single positions are recorded.
         *
         * @param detail none by default
         * @return this builder
         */
        public Builder tokens(TokenDetail detail) {
            this.tokens = detail;
            return this;
        }

        /**
         * Measures on the workers which example of a replica's batch moved which response. An
         * example has the same id in the files of all workers.
         *
         * @param options how
         * @return this builder
         * @throws IllegalArgumentException if they bring ids of examples
         */
        public Builder influence(InfluenceOptions options) {
            this.influence = WorkerInfluence.of(options);
            return this;
        }

        /**
         * Where measurements go; required.
         *
         * @param newFile the file of the averaged network, by custom ending in {@code .ldyn}; those
         *     of the workers are beside it. None of them may exist
         * @param origin where the run comes from
         * @return this builder
         */
        public Builder recordTo(Path newFile, RunHeader origin) {
            this.file = newFile;
            this.header = origin;
            return this;
        }

        /**
         * Listeners of the user's, which dl4j-spark has only one list for.
         *
         * @param listeners serialisable ones, each sent to every worker
         * @return this builder
         * @throws IllegalArgumentException if one of them needs a storage of its own
         */
        public Builder listeners(TrainingListener... listeners) {
            for (TrainingListener listener : listeners) {
                if (listener instanceof RoutingIterationListener) {
                    throw new IllegalArgumentException(
                            "listeners must not need a router, because dl4j-spark has one for all,"
                                    + " got "
                                    + listener.getClass().getName());
                }
                others.add(listener);
            }
            return this;
        }

        private WorkerSettings settings(ClassProbes watched) {
            return new WorkerSettings(watched, schedule, tokens, influence);
        }

        private RunHeader origin() {
            RunHeader given = required("recordTo", header);
            int frequency = training.master().getAveragingFrequency();
            return given.named(
                    given.run(),
                    Map.of(
                            "spark.master",
                            training.context().master(),
                            "spark.application",
                            training.context().sc().applicationId(),
                            "spark.averaging_frequency",
                            Integer.toString(frequency)));
        }

        /**
         * Opens the file, records the network as it is and attaches the listener.
         *
         * @return the recording; close it after training
         * @throws IllegalStateException if probes or file are missing
         * @throws IllegalArgumentException if the file exists or influence names an unknown kind
         */
        public SparkDynamics build() {
            ClassProbes watched = required("probes", probes);
            ClusterFiles files = new ClusterFiles(required("recordTo", file), origin(), watched);
            SparkDynamics built = null;
            try {
                built = new SparkDynamics(this, files);
                return built;
            } finally {
                if (built == null) {
                    files.close();
                }
            }
        }

        private <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException(name + " must be given before build()");
            }
            return value;
        }
    }
}
