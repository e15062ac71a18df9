package org.learningdynamics.listener;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.model.ModelView;
import org.learningdynamics.model.PackedView;
import org.learningdynamics.model.SameDiffGradients;
import org.learningdynamics.series.AlarmStop;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the learning dynamics of a SameDiff graph while {@code SameDiff.fit} trains it.
 *
 * <p>At each recording the training thread waits while one other thread puts the probes through the
 * graph; parameters, updater and random state stay as they are, so training is bit by bit the same
 * as without the listener. Whatever fails in here is counted ({@link #failures()}), logged once and
 * goes no further.
 *
 * <p>While the listener is attached, {@code fit} reports true losses, in its history too: SameDiff
 * 1.0.0-M2.1 alone reports 0. For that the loss is named in the training configuration's
 * evaluations from the start of an iteration until its first op; then the user's own evaluations
 * are back.
 *
 * <p>Under a training loop that accumulates or clips gradients (see {@link UpdateListener}) metrics
 * are the weighted sums over an update's micro-batches, the gradient norm is that of the update's
 * gradient before clipping and is recorded for every update as {@value UpdateClipping#NORM_METRIC},
 * and influences are those of the gradient that the updater received.
 *
 * <p>When training begins, the graph is audited: ops whose gradients are wrong or missing in this
 * version are logged once and recorded as events ({@link Builder#audit}).
 *
 * <p>A listener belongs to one graph. {@link #close()} it after training.
 */
public final class SameDiffDynamicsListener extends BaseListener
        implements UpdateListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SameDiffDynamicsListener.class);
    private static final String GRADIENT_FUNCTION = "grad";

    private final SameDiff model;
    private final Map<String, String> metricOfVariable = new HashMap<>();
    private final RecordingSession session;
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final GradientNorm gradientNorm = new GradientNorm();
    private @Nullable MicroBatch part;
    private OptionalDouble clippedNorm = OptionalDouble.empty();
    private final GradientAudit audit;
    private final Optional<UpdateTracker> tracker;
    private final Optional<AlarmStop> stop;
    private boolean otherModelReported;

    private SameDiffDynamicsListener(Builder builder) {
        model = builder.model;
        stop = builder.stop();
        audit = new GradientAudit(model, builder.audit, LOG);
        builder.metrics.forEach((metric, variable) -> metricOfVariable.put(variable, metric));
        ModelView view = ModelView.of(model, builder.inputs, builder.logits);
        Optional<InfluenceSession> influence =
                builder.influence()
                        .map(
                                options ->
                                        new InfluenceSession(
                                                options,
                                                SameDiffGradients.of(
                                                        model, builder.inputs, builder.logits)));
        ListenerSettings settings = builder.settings();
        session =
                new RecordingSession(
                        settings, view, builder.pass(settings.probes()), influence, LOG);
        tracker =
                influence.map(
                        measured ->
                                new UpdateTracker(
                                        model, builder.inputs, builder.logits, measured, session));
    }

    /**
     * Starts with the graph to watch.
     *
     * @param model the graph that will be trained
     * @return a builder
     */
    public static Builder builder(SameDiff model) {
        return new Builder(model);
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
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void operationStart(SameDiff sd, Operation op) {
        guard(
                sd,
                () -> {
                    gradientNorm.watch(sd);
                    audit.report(session);
                });
    }

    @Override
    public void iterationStart(SameDiff sd, At at, MultiDataSet data, long etlMs) {
        guard(sd, () -> startIteration(at));
    }

    private void startIteration(At at) {
        metrics.clear();
        part = null;
        clippedNorm = OptionalDouble.empty();
        session.beforeUpdate(at.epoch());
        gradientNorm.start(session.nextIsDue());
        RequestedVariables.add(model.getTrainingConfig(), requested());
        if (session.nextIsDue()) {
            tracker.ifPresent(UpdateTracker::start);
        }
    }

    private Set<String> requested() {
        Set<String> names = new LinkedHashSet<>(model.getLossVariables());
        names.addAll(metricOfVariable.keySet());
        return names;
    }

    @Override
    public void preOpExecution(SameDiff sd, At at, SameDiffOp op, OpContext opContext) {
        TrainingConfig configuration = model.getTrainingConfig();
        if (configuration != null) {
            RequestedVariables.withdraw(configuration);
        }
    }

    @Override
    public void activationAvailable(
            SameDiff sd,
            At at,
            MultiDataSet batch,
            SameDiffOp op,
            String varName,
            INDArray activation) {
        if (metricOfVariable.containsKey(varName) || gradientNorm.wants(varName)) {
            guard(sd, () -> take(varName, activation));
        }
        tracker.ifPresent(t -> guard(sd, () -> t.take(varName, activation)));
    }

    private void take(String variable, INDArray activation) {
        String metric = metricOfVariable.get(variable);
        if (metric != null) {
            if (activation.length() != 1) {
                throw new IllegalStateException(
                        "metric \""
                                + metric
                                + "\" must be a scalar, got "
                                + activation.length()
                                + " values of \""
                                + variable
                                + "\"");
            }
            MicroBatch own = part;
            double weight = own == null ? 1 : own.weight();
            metrics.merge(metric, weight * activation.getDouble(0), Double::sum);
        }
        if (part == null) {
            gradientNorm.add(variable, activation);
        }
    }

    @Override
    public void microBatchStart(SameDiff gradients, At at, MicroBatch next) {
        guard(
                gradients,
                () -> {
                    part = next;
                    tracker.ifPresent(t -> t.microBatch(next));
                });
    }

    @Override
    public void gradientsAvailable(
            SameDiff gradients, At at, Map<String, INDArray> byParameter, UpdateClipping clipping) {
        guard(
                gradients,
                () -> {
                    gradientNorm.set(clipping.norm());
                    clippedNorm = OptionalDouble.of(clipping.norm());
                    tracker.ifPresent(t -> t.gradients(byParameter, clipping.factor()));
                });
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet dataSet, Loss loss) {
        guard(
                sd,
                () -> {
                    Update update =
                            new Update(
                                    at.epoch(),
                                    loss.totalLoss(),
                                    learningRate(at),
                                    gradientNorm.norm());
                    session.afterUpdate(update, view -> {}, learnt(at, dataSet));
                    metrics.forEach(session::metric);
                    clippedNorm.ifPresent(n -> session.metric(UpdateClipping.NORM_METRIC, n));
                });
    }

    /** The update counts even if what it learnt from is lost. */
    private Optional<LearntUpdate> learnt(At at, MultiDataSet batch) {
        return tracker.flatMap(
                t ->
                        session.failures()
                                .supply(FailureLog.Sort.CALLBACK, () -> t.finish(at, batch)));
    }

    private double learningRate(At at) {
        IUpdater updater = model.getTrainingConfig().getUpdater();
        return updater.hasLearningRate()
                ? updater.getLearningRate(at.iteration(), at.epoch())
                : Double.NaN;
    }

    @Override
    public ListenerResponse epochEnd(
            SameDiff sd, At at, LossCurve lossCurve, long epochTimeMillis) {
        guard(sd, () -> session.epochEnd(at.epoch()));
        return stops() ? ListenerResponse.STOP : ListenerResponse.CONTINUE;
    }

    @Override
    public boolean stops() {
        return stop.filter(AlarmStop::isRaised).isPresent();
    }

    private void guard(SameDiff caller, Runnable task) {
        if (isOurs(caller)) {
            session.failures().guard(FailureLog.Sort.CALLBACK, task);
        } else if (!otherModelReported) {
            otherModelReported = true;
            session.failures()
                    .add(
                            FailureLog.Sort.CALLBACK,
                            new IllegalStateException(
                                    "a listener belongs to one SameDiff; it was built for another"
                                            + " than the one it is attached to, which is not"
                                            + " recorded"));
        }
    }

    /** The host passes the model itself or, while it trains, the model's gradient function. */
    @SuppressWarnings("ReferenceEquality") // equals compares whole graphs
    private boolean isOurs(SameDiff caller) {
        return caller == model || caller == model.getFunction(GRADIENT_FUNCTION);
    }

    /**
     * Ends the recording: takes the last state if the schedule says {@code withFinal} and frees the
     * probe thread. Callbacks that come later do nothing. Not to be called while training runs.
     */
    @Override
    public void close() {
        tracker.ifPresent(UpdateTracker::close);
        session.close();
    }

    /** Collects the settings of a {@link SameDiffDynamicsListener}. */
    public static final class Builder extends ListenerBuilder<Builder> {
        /** Default of {@link #inputs}. */
        public static final String DEFAULT_INPUT = "input_ids";

        /** Default of {@link #logits}. */
        public static final String DEFAULT_LOGITS = "logits";

        /** Default of {@link #audit}. */
        public static final AuditMode DEFAULT_AUDIT = AuditMode.WARN;

        private final SameDiff model;
        private List<String> inputs = List.of(DEFAULT_INPUT);
        private String logits = DEFAULT_LOGITS;
        private Map<String, String> metrics = Map.of();
        private AuditMode audit = DEFAULT_AUDIT;
        private Optional<PackedView> packed = Optional.empty();

        private Builder(SameDiff model) {
            this.model = model;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * The placeholders that take a probe's arrays, in order.
         *
         * @param names names; default {@value #DEFAULT_INPUT}
         * @return this builder
         */
        public Builder inputs(String... names) {
            this.inputs = List.of(names);
            return this;
        }

        /**
         * The variable that holds the logits.
         *
         * @param name name; default {@value #DEFAULT_LOGITS} // [B, V], [B·T, V] or [B, T, V]
         * @return this builder
         */
        public Builder logits(String name) {
            this.logits = name;
            return this;
        }

        /**
         * Scalars of the training graph to record for every update, such as rewards.
         *
         * @param variableOfMetric name of the variable by name of the metric
         * @return this builder
         */
        public Builder metrics(Map<String, String> variableOfMetric) {
            this.metrics = Map.copyOf(variableOfMetric);
            return this;
        }

        /**
         * Puts all responses to a prompt through the model in one row, the prompt once. The view is
         * closed with the listener. Responses whose influence is measured go a row each all the
         * same.
         *
         * @param view of the same model, such as {@code DecoderModel.packedView()}; for {@link
         *     TokenProbes} of token ids
         * @return this builder
         */
        public Builder packed(PackedView view) {
            this.packed = Optional.of(view);
            return this;
        }

        private ProbePass pass(Probes probes) {
            if (packed.isEmpty()) {
                return ProbePass.padded(probes);
            }
            if (probes instanceof TokenProbes tokens) {
                return ProbePass.packed(tokens, packed.get(), influence());
            }
            throw new IllegalArgumentException(
                    "packed probes must be token probes, got " + probes.getClass().getSimpleName());
        }

        /**
         * What is done about ops whose gradients are wrong or missing in SameDiff 1.0.0-M2.1, as
         * {@link org.learningdynamics.model.GraphAudit} finds them.
         *
         * @param mode by default, errors and warnings are logged and recorded when training begins
         * @return this builder
         */
        public Builder audit(AuditMode mode) {
            this.audit = mode;
            return this;
        }

        /**
         * Makes the listener; attach it with {@code sd.setListeners} or give it to {@code fit}.
         *
         * @return the listener
         * @throws IllegalArgumentException if the graph has no variable of a given name, or one
         *     that does not fit
         * @throws IllegalStateException if probes or recorder are missing
         * @throws org.learningdynamics.model.GraphAuditException if gradients are wrong or missing
         *     and the audit's mode is {@link AuditMode#THROW}
         */
        public SameDiffDynamicsListener build() {
            metrics.forEach(this::requireOpOutput);
            return new SameDiffDynamicsListener(this);
        }

        private void requireOpOutput(String metric, String name) {
            SDVariable variable = model.hasVariable(name) ? model.getVariable(name) : null;
            if (variable == null || variable.getVariableType() != VariableType.ARRAY) {
                throw new IllegalArgumentException(
                        "metric \""
                                + metric
                                + "\" must name the output of an op, got \""
                                + name
                                + "\""
                                + (variable == null
                                        ? ", which is no variable of the graph"
                                        : " of type " + variable.getVariableType()));
            }
        }
    }
}
