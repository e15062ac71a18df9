package org.learningdynamics.sweep;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.arbiter.DL4JConfiguration;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.Probes;
import org.learningdynamics.listener.Schedule;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains Deeplearning4j networks of a {@code MultiLayerSpace} or {@code ComputationGraphSpace} for
 * the space's number of epochs, each with a {@code DynamicsListener}. Scores are about the kind
 * {@code label}: the probability of the right class of every probe. Give the space a seed, or
 * weights begin differently each time.
 *
 * @param <T> the space's candidates: {@link DL4JConfiguration} or {@link GraphConfiguration}
 */
public final class NetworkTrainer<T> implements CandidateTrainer<T> {
    private static final Set<Score> SCORES =
            EnumSet.of(
                    Score.FINAL_LOG_PROB,
                    Score.BEST_LOG_PROB,
                    Score.SQUEEZING_INDEX,
                    Score.ARGMAX_SHARE,
                    Score.WALL_TIME);

    private final Class<T> type;
    private final Supplier<DataSetIterator> data;
    private final String dataDigest;
    private final Probes probes;
    private final Schedule schedule;
    private final long memoryBytes;

    private NetworkTrainer(
            Class<T> type,
            Supplier<DataSetIterator> data,
            String dataDigest,
            Probes probes,
            Schedule schedule,
            long memoryBytes) {
        this.type = type;
        this.data = data;
        this.dataDigest = dataDigest;
        this.probes = probes;
        this.schedule = schedule;
        this.memoryBytes = memoryBytes;
    }

    /**
     * A trainer of networks of layers.
     *
     * @param data gives every candidate an iterator of its own
     * @param dataDigest identifies what it gives
     * @param probes what is watched, such as {@link ClassProbes}
     * @param schedule when
     * @return a trainer for a {@code MultiLayerSpace}
     */
    public static NetworkTrainer<DL4JConfiguration> layers(
            Supplier<DataSetIterator> data, String dataDigest, Probes probes, Schedule schedule) {
        return new NetworkTrainer<>(DL4JConfiguration.class, data, dataDigest, probes, schedule, 0);
    }

    /**
     * A trainer of graphs with one input and one output.
     *
     * @param data gives every candidate an iterator of its own
     * @param dataDigest identifies what it gives
     * @param probes what is watched
     * @param schedule when
     * @return a trainer for a {@code ComputationGraphSpace}
     */
    public static NetworkTrainer<GraphConfiguration> graphs(
            Supplier<DataSetIterator> data, String dataDigest, Probes probes, Schedule schedule) {
        return new NetworkTrainer<>(
                GraphConfiguration.class, data, dataDigest, probes, schedule, 0);
    }

    /**
     * The same with an estimate of memory.
     *
     * @param bytes what each candidate takes; 0, the default, is not counted
     * @return a new trainer
     */
    public NetworkTrainer<T> memory(long bytes) {
        return new NetworkTrainer<>(type, data, dataDigest, probes, schedule, bytes);
    }

    @Override
    public void check(ParameterSpace<T> space) {}

    @Override
    public Outcome train(T value, CandidateWork work) {
        StageWatch watch = work.watchLast(NetworkRecording.STAGE);
        Model network = network(value);
        NetworkRecording recording =
                NetworkRecording.attach(
                        network,
                        work.file(NetworkRecording.STAGE),
                        Map.of("candidate", Integer.toString(work.index())),
                        probes,
                        schedule,
                        InstantSource.system(),
                        watch);
        try (recording) {
            fit(network, epochs(value), new Asking(watch));
            return new Outcome(Map.of(), Optional.empty());
        } catch (CandidateStopped e) {
            return new Outcome(Map.of(), Optional.of(String.valueOf(e.getMessage())));
        } finally {
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }

    private static Model network(Object value) {
        boolean stopsItself =
                (value instanceof DL4JConfiguration layers
                                && layers.getEarlyStoppingConfiguration() != null)
                        || (value instanceof GraphConfiguration graph
                                && graph.getEarlyStoppingConfiguration() != null);
        if (stopsItself) {
            throw new IllegalArgumentException(
                    "a space must have no earlyStoppingConfiguration, the sweep has rules of its"
                            + " own, got one");
        }
        Model network =
                value instanceof GraphConfiguration graph
                        ? new ComputationGraph(graph.getConfiguration())
                        : new MultiLayerNetwork(
                                ((DL4JConfiguration) value).getMultiLayerConfiguration());
        network.init();
        return network;
    }

    private static int epochs(Object value) {
        Integer epochs =
                value instanceof GraphConfiguration graph
                        ? graph.getNumEpochs()
                        : ((DL4JConfiguration) value).getNumEpochs();
        return epochs == null ? 1 : epochs;
    }

    private void fit(Model network, int epochs, TrainingListener asking) {
        DataSetIterator batches = data.get();
        if (network instanceof ComputationGraph graph) {
            graph.addListeners(asking);
            graph.fit(batches, epochs);
        } else {
            MultiLayerNetwork layers = (MultiLayerNetwork) network;
            layers.addListeners(asking);
            layers.fit(batches, epochs);
        }
    }

    /** Comes after the recording listener, so that it has seen what this update led to. */
    private static final class Asking extends BaseTrainingListener {
        private final StageWatch watch;
        private long updates;

        Asking(StageWatch watch) {
            this.watch = watch;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            watch.check(++updates, model.score());
        }
    }

    @Override
    public long memoryBytes(T value) {
        return memoryBytes;
    }

    @Override
    public Set<Score> scores() {
        return EnumSet.copyOf(SCORES);
    }

    @Override
    public String kind() {
        return ClassProbes.LABEL;
    }

    @Override
    public String identity() {
        return Sha256.ofParts(
                type.getSimpleName(), dataDigest, probes.digest(), schedule.toString());
    }
}
