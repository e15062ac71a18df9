package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.listener.UpdateListener.MicroBatch;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Trains a SameDiff graph as {@code SameDiff.fit} does, and further: gradients accumulated over
 * micro-batches, gradients clipped by their global norm, true losses.
 *
 * <pre>{@code
 * try (TrainingLoop loop =
 *         TrainingLoop.builder(graph).split(BatchSplit.byExamples(4)).maxGradientNorm(10).build()) {
 *     History history = loop.fit(batches, 3, listener);
 * }
 * }</pre>
 *
 * <p>An update's gradient is {@code g = Σ_j w_j·∇ℓ_j} over its micro-batches j; with {@code
 * maxGradientNorm} it is multiplied by {@code min(1, max/(‖g‖ + 1e-6))}, ‖g‖ over all parameters
 * together, as PyTorch's {@code clip_grad_norm_} does. Then come regularisation, updater and the
 * step, as in {@code fit}. Without clipping and with one micro-batch an update each parameter takes
 * its step as soon as its gradient is known and the ops that read the parameter are done; the
 * parameters and updater states are then bit by bit those of {@code fit}. The graph's updater
 * states and its counters of iterations and epochs go on, from call to call and from {@code fit} to
 * the loop.
 *
 * <p>Listeners are called back as {@code fit} calls them: same order, same arguments. Losses are
 * right without further ado ({@code fit} of 1.0.0-M2.1 reports 0), and the variables that a
 * listener requires are computed. With several micro-batches the callbacks of ops come once a
 * micro-batch, all others once an update, and an {@link
 * org.learningdynamics.listener.UpdateListener UpdateListener} hears what becomes of the gradients.
 * Validation data are not taken. A listener that wants no other update ends training after the
 * update, without the end of its epoch.
 *
 * <p>A gradient that is not finite is not skipped: it makes parameters NaN, as in PyTorch.
 *
 * <p>Not thread-safe. Memory: arrays of a pass are kept for the next until {@link #close};
 * gradients are held only when they are accumulated or clipped, once.
 */
public final class TrainingLoop implements AutoCloseable {
    private static final String GRADIENTS = "grad";

    private final SameDiff graph;
    private final BatchSplit split;
    private final OptionalDouble maxGradientNorm;
    private final Map<String, String> parameterOfGradient = new LinkedHashMap<>();
    private final HeldGradients held = new HeldGradients();
    private @Nullable GradientSession session;

    private TrainingLoop(Builder builder) {
        graph = builder.graph;
        split = builder.split;
        maxGradientNorm = builder.maxGradientNorm;
    }

    /**
     * Starts with the graph.
     *
     * @param graph with loss variables and a training configuration
     * @return a builder
     */
    public static Builder builder(SameDiff graph) {
        return new Builder(graph);
    }

    /**
     * Trains by every batch of some epochs.
     *
     * @param batches one update each; reset between epochs
     * @param epochs at least 1
     * @param listeners besides the graph's own, for this call
     * @return losses and evaluations by epoch
     * @throws IllegalArgumentException if {@code epochs} is below 1
     * @throws IllegalStateException if an epoch has no batch, or a batch does not fit the training
     *     configuration
     */
    public History fit(MultiDataSetIterator batches, int epochs, Listener... listeners) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs must be >= 1, got " + epochs);
        }
        GradientSession open = opened();
        LoopListeners callbacks = new LoopListeners(graph, open.graph(), listeners);
        open.graph().setTrainingConfig(graph.getTrainingConfig());
        new Run(open, callbacks).epochs(batches, epochs);
        return callbacks.history();
    }

    private GradientSession opened() {
        if (graph.getFunction(GRADIENTS) == null) {
            graph.createGradFunction();
        }
        SameDiff gradients = graph.getFunction(GRADIENTS);
        GradientSession open = session;
        if (open == null || !isSame(open.graph(), gradients)) {
            close();
            open = new GradientSession(gradients);
            session = open;
            findParameters(gradients);
        }
        return open;
    }

    @SuppressWarnings("ReferenceEquality") // equals compares whole graphs
    private static boolean isSame(SameDiff one, SameDiff other) {
        return one == other;
    }

    private void findParameters(SameDiff gradients) {
        parameterOfGradient.clear();
        for (SDVariable variable : graph.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                SDVariable gradient = gradients.getVariable(variable.name()).getGradient();
                if (gradient != null) {
                    put(gradient.name(), variable.name());
                }
            }
        }
    }

    private void put(String gradient, String parameter) {
        String other = parameterOfGradient.put(gradient, parameter);
        if (other != null) {
            throw new IllegalStateException(
                    "each parameter must have a gradient of its own, got \""
                            + gradient
                            + "\" for "
                            + other
                            + " and "
                            + parameter);
        }
    }

    /** Frees the arrays kept for the next pass; the loop can be used again. */
    @Override
    public void close() {
        GradientSession open = session;
        session = null;
        if (open != null) {
            held.release(INDArray::close);
            open.close();
        }
    }

    /** One call of {@link #fit}. */
    private final class Run {
        private final GradientSession session;
        private final LoopListeners listeners;
        private final ParameterSteps steps;
        private final TrainingConfig configuration = graph.getTrainingConfig();
        private final Set<String> required;
        private final LossSums losses = new LossSums(graph.getLossVariables());
        private final Map<String, INDArray> late = new LinkedHashMap<>();
        private final At at;
        private boolean stopped;

        Run(GradientSession session, LoopListeners listeners) {
            this.session = session;
            this.listeners = listeners;
            steps = new ParameterSteps(graph, session.graph());
            required = listeners.requiredVariables();
            at =
                    At.builder()
                            .epoch(configuration.getEpochCount())
                            .iteration(configuration.getIterationCount())
                            .trainingThreadNum(0)
                            .javaThreadNum(Thread.currentThread().getId())
                            .operation(Operation.TRAINING)
                            .build();
        }

        void epochs(MultiDataSetIterator batches, int epochs) {
            if (!batches.hasNext() && batches.resetSupported()) {
                batches.reset();
            }
            listeners.operationStart();
            int left = epochs;
            while (left > 0 && !epoch(batches)) {
                left--;
                configuration.incrementEpochCount();
                if (left > 0) {
                    batches.reset();
                }
            }
            listeners.operationEnd();
            if (left > 0 && !stopped) {
                configuration.incrementEpochCount();
                if (left > 1) {
                    batches.reset();
                }
            }
        }

        private boolean epoch(MultiDataSetIterator batches) {
            at.setEpoch(configuration.getEpochCount());
            listeners.epochStart(at);
            long start = System.currentTimeMillis();
            losses.startEpoch();
            while (batches.hasNext()) {
                long asked = System.currentTimeMillis();
                MultiDataSet batch = batches.next();
                at.setIteration(configuration.getIterationCount());
                listeners.iterationStart(at, batch, System.currentTimeMillis() - asked);
                listeners.iterationDone(at, batch, update(batch));
                configuration.incrementIterationCount();
                if (batches.hasNext() && listeners.stop()) {
                    stopped = true;
                    return true;
                }
            }
            return listeners.epochEnd(at, losses.curve(), System.currentTimeMillis() - start);
        }

        private Loss update(MultiDataSet batch) {
            held.release(session::release); // none, unless the update before failed
            late.clear();
            losses.startUpdate();
            steps.start();
            session.startUpdate();
            List<MicroBatch> parts = split.split(batch);
            try {
                if (parts.size() == 1 && maxGradientNorm.isEmpty()) {
                    stepWithinPass(parts.get(0));
                } else {
                    stepAfterPasses(parts);
                }
                return losses.update(steps.scores());
            } finally {
                parts.forEach(part -> closeOwn(part.batch(), batch));
            }
        }

        private void stepWithinPass(MicroBatch only) {
            pass(only, List.of(), parameterOfGradient.keySet(), this::stepIfUnread);
            late.forEach(this::step);
            late.values().forEach(INDArray::close);
            late.clear();
        }

        /** The updater works in the array that the op computed, unless that is still to be read. */
        private void stepIfUnread(String gradient, INDArray array) {
            @Nullable String parameter = parameterOfGradient.get(gradient);
            if (parameter != null) {
                if (session.isRead(parameter) || session.isRead(gradient)) {
                    late.put(parameter, array.dup());
                } else {
                    step(parameter, array);
                }
            }
        }

        private void step(String parameter, INDArray gradient) {
            steps.prepare(parameter, gradient, at);
            listeners.preUpdate(at, steps.variable(parameter), gradient);
            steps.take(parameter, gradient);
        }

        private void stepAfterPasses(List<MicroBatch> parts) {
            for (int i = 0; i < parts.size(); i++) {
                MicroBatch part = parts.get(i);
                listeners.microBatchStart(at, part);
                List<String> names = new ArrayList<>(parameterOfGradient.keySet());
                List<String> kept = i == 0 ? names : List.of();
                pass(part, kept, names, (name, array) -> hold(name, array, part.weight()));
            }
            double norm = held.norm();
            UpdateClipping clipping =
                    maxGradientNorm.isPresent()
                            ? UpdateClipping.byNorm(norm, maxGradientNorm.getAsDouble())
                            : UpdateClipping.none(norm);
            listeners.gradientsAvailable(at, held.byParameter(), clipping);
            held.clip(clipping);
            held.byParameter().forEach(this::step);
            held.release(session::release);
        }

        private void hold(String gradient, INDArray array, double weight) {
            @Nullable String parameter = parameterOfGradient.get(gradient);
            if (parameter != null) {
                held.add(parameter, session.isRead(gradient) ? array.dup() : array, weight);
            }
        }

        private void pass(
                MicroBatch part, List<String> kept, Collection<String> gradients, Taker taker) {
            Map<String, INDArray> placeholders = Placeholders.of(configuration, part.batch());
            Set<String> computed = new LinkedHashSet<>(gradients);
            computed.addAll(graph.getLossVariables());
            computed.addAll(required);
            if (configuration.getTrainEvaluations() != null) {
                computed.addAll(configuration.getTrainEvaluations().keySet());
            }
            session.run(
                    new GradientSession.Pass(placeholders, part.batch(), listeners.within(), at),
                    kept,
                    computed,
                    new LinkedHashSet<>(parameterOfGradient.values()),
                    (name, array) -> {
                        losses.add(name, array, part.weight());
                        taker.take(name, array);
                    });
        }
    }

    /** Takes an array that a pass computed. */
    private interface Taker {
        void take(String variable, INDArray array);
    }

    private static void closeOwn(MultiDataSet part, MultiDataSet whole) {
        if (part != whole) {
            Placeholders.arrays(part).forEach(INDArray::close);
        }
    }

    /** Collects the settings of a {@link TrainingLoop}. */
    public static final class Builder {
        private final SameDiff graph;
        private BatchSplit split = BatchSplit.whole();
        private OptionalDouble maxGradientNorm = OptionalDouble.empty();

        private Builder(SameDiff graph) {
            this.graph = graph;
        }

        /**
         * Chooses how batches become micro-batches.
         *
         * @param value whole batches by default
         * @return this
         */
        public Builder split(BatchSplit value) {
            split = value;
            return this;
        }

        /**
         * Clips gradients by their global norm.
         *
         * @param value largest norm, above 0; no clipping unless set
         * @return this
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder maxGradientNorm(double value) {
            if (!(value > 0)) {
                throw new IllegalArgumentException("maxGradientNorm must be > 0, got " + value);
            }
            maxGradientNorm = OptionalDouble.of(value);
            return this;
        }

        /**
         * Makes the loop.
         *
         * @return the loop, to be closed after use
         * @throws IllegalArgumentException if the graph has no training configuration or no loss
         */
        public TrainingLoop build() {
            if (graph.getTrainingConfig() == null) {
                throw new IllegalArgumentException(
                        "graph must have a training configuration, got none");
            }
            if (graph.getLossVariables().isEmpty()) {
                throw new IllegalArgumentException("graph must have a loss variable, got none");
            }
            return new TrainingLoop(this);
        }
    }
}
