package org.learningdynamics.listener;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.learningdynamics.model.ModelView;
import org.learningdynamics.model.NetworkGradients;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the learning dynamics of a {@link MultiLayerNetwork} or a {@link ComputationGraph} while
 * {@code fit} trains it.
 *
 * <p>At each recording the training thread waits while one other thread puts the probes through a
 * second network of the same configuration, into which the parameters were copied; parameters,
 * updater, masks, recurrent state and random state of the trained one stay as they are, so training
 * is bit by bit the same as without the listener. Whatever fails in here is counted ({@link
 * #failures()}), logged once and goes no further.
 *
 * <p>Where the output layer tells metrics of its updates ({@link
 * org.learningdynamics.measure.UpdateMetrics}), such as the rewards of a {@code
 * ResponseOutputLayer}, they are recorded for every update.
 *
 * <p>An iteration is what DL4J counts as one: with truncated backpropagation through time each
 * segment. A listener belongs to one network. {@link #close()} it after training.
 */
public final class DynamicsListener extends BaseTrainingListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicsListener.class);

    private final Model model;
    private final HostNetwork network;
    private final RecordingSession session;
    private final Optional<NetworkTracker> tracker;
    private double gradNorm = Double.NaN;
    private boolean otherModelReported;

    private DynamicsListener(Builder builder) {
        model = builder.model;
        network = builder.network;
        Optional<InfluenceSession> influence =
                builder.influence()
                        .map(options -> new InfluenceSession(options, builder.gradients.get()));
        ListenerSettings settings = builder.settings();
        ProbePass pass = ProbePass.padded(settings.probes());
        session = new RecordingSession(settings, builder.view, pass, influence, LOG);
        tracker = influence.map(measured -> NetworkTracker.of(model, measured, session));
    }

    /**
     * Starts with the network to watch.
     *
     * @param network an initialised network that ends in a softmax or in one sigmoid
     * @return a builder
     * @throws IllegalArgumentException if its last layer gives no class logits; the message names
     *     the layer and the rule
     */
    public static Builder builder(MultiLayerNetwork network) {
        return new Builder(
                network,
                HostNetwork.of(network),
                ModelView.of(network),
                () -> NetworkGradients.of(network));
    }

    /**
     * Starts with the graph to watch.
     *
     * @param graph an initialised graph with one output that ends in a softmax or in one sigmoid
     * @return a builder
     * @throws IllegalArgumentException if it has several outputs, or its output layer gives no
     *     class logits; the message names the layer and the rule
     */
    public static Builder builder(ComputationGraph graph) {
        return new Builder(
                graph,
                HostNetwork.of(graph),
                ModelView.of(graph),
                () -> NetworkGradients.of(graph));
    }

    /**
     * Starts with one of several outputs of the graph to watch.
     *
     * @param graph an initialised graph
     * @param output name of the output, which ends in a softmax or in one sigmoid
     * @return a builder
     * @throws IllegalArgumentException if the graph has no such output or that gives no class
     *     logits; the message names the layer and the rule
     */
    public static Builder builder(ComputationGraph graph, String output) {
        return new Builder(
                graph,
                HostNetwork.of(graph),
                ModelView.of(graph, output),
                () -> NetworkGradients.of(graph, output));
    }

    /**
     * Records the model as it is, whatever the schedule says. Not to be called while training runs.
     */
    public void recordNow() {
        session.failures().guard(FailureLog.Sort.CALLBACK, session::recordNow);
    }

    /**
     * What could not be done so far.
     *
     * @return counts since the listener was made
     */
    public ListenerFailures failures() {
        return session.failures().counts();
    }

    @Override
    public void onForwardPass(Model caller, List<INDArray> activations) {
        guard(caller, this::beforeUpdate);
    }

    @Override
    public void onForwardPass(Model caller, Map<String, INDArray> activations) {
        guard(caller, this::beforeUpdate);
    }

    @Override
    public void onGradientCalculation(Model caller) {
        guard(caller, () -> gradNorm = session.nextIsDue() ? network.gradNorm() : Double.NaN);
        tracker.ifPresent(followed -> guard(caller, followed::gradients));
    }

    @Override
    public void onBackwardPass(Model caller) {
        tracker.ifPresent(followed -> guard(caller, followed::batch));
    }

    private void beforeUpdate() {
        session.beforeUpdate(network.epoch());
        if (session.nextIsDue()) {
            tracker.ifPresent(NetworkTracker::start);
        }
    }

    @Override
    public void iterationDone(Model caller, int iteration, int epoch) {
        Consumer<ModelView> constraints = view -> view.applyConstraints(iteration, epoch);
        guard(
                caller,
                () -> {
                    session.afterUpdate(
                            new Update(epoch, model.score(), network.learningRate(), gradNorm),
                            constraints,
                            tracker.flatMap(followed -> learnt(followed, iteration, epoch)));
                    network.metrics().forEach(session::metric);
                });
    }

    @Override
    public void onEpochEnd(Model caller) {
        guard(caller, () -> session.epochEnd(network.epoch()));
    }

    /** The update counts even if what it learnt from is lost. */
    private Optional<LearntUpdate> learnt(NetworkTracker followed, int iteration, int epoch) {
        return session.failures()
                .supply(FailureLog.Sort.CALLBACK, () -> followed.finish(iteration, epoch));
    }

    private void guard(Model caller, Runnable task) {
        if (caller == model) {
            session.failures().guard(FailureLog.Sort.CALLBACK, task);
        } else if (!otherModelReported) {
            otherModelReported = true;
            session.failures()
                    .add(
                            FailureLog.Sort.CALLBACK,
                            new IllegalStateException(
                                    "a listener belongs to one network; it was built for another"
                                            + " than the one it is attached to, which is not"
                                            + " recorded"));
        }
    }

    /**
     * Ends the recording: takes the last state if the schedule says {@code withFinal} and frees the
     * probe thread and the second network. Callbacks that come later do nothing. Not to be called
     * while training runs.
     */
    @Override
    public void close() {
        tracker.ifPresent(NetworkTracker::close);
        session.close();
    }

    /** Collects the settings of a {@link DynamicsListener}. */
    public static final class Builder extends ListenerBuilder<Builder> {
        private final Model model;
        private final HostNetwork network;
        private final ModelView view;
        private final Supplier<NetworkGradients> gradients;

        private Builder(
                Model model,
                HostNetwork network,
                ModelView view,
                Supplier<NetworkGradients> gradients) {
            this.gradients = gradients;
            this.model = model;
            this.network = network;
            this.view = view;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the listener; attach it with {@code setListeners} or {@code addListeners}.
         *
         * @return the listener
         * @throws IllegalStateException if probes or recorder are missing
         */
        public DynamicsListener build() {
            return new DynamicsListener(this);
        }
    }
}
