package org.learningdynamics.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.RewardShift;
import org.learningdynamics.loss.StartCheck;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Keeps the losses, checks the first iteration, notices values that are not finite. */
final class TrainingMonitor extends MetricListener {
    private final String run;
    private final int updates;
    private final Loss loss;
    private final Map<String, String> metricOfVariable = new HashMap<>();
    private final Progress progress;
    private final Consumer<Event> sink;

    private final Map<String, Double> startMetrics = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final double[] losses;
    private final long startNanos = System.nanoTime();
    private int done;
    private boolean sawNonFinite;
    private boolean sawNonFiniteGradient;

    TrainingMonitor(
            String run,
            TrainingOptions options,
            TrainingGraph graph,
            Progress progress,
            Consumer<Event> sink,
            Optional<RunState> resumed) {
        this.run = run;
        this.updates = options.updates();
        this.loss = options.loss();
        this.progress = progress;
        this.sink = sink;
        losses = new double[updates];
        graph.startMetrics().forEach((metric, variable) -> metricOfVariable.put(variable, metric));
        resumed.ifPresent(this::goOn);
    }

    private void goOn(RunState state) {
        done = state.updates();
        System.arraycopy(state.lossValues(), 0, losses, 0, done);
        sawNonFinite = state.lossWasNotFinite();
        sawNonFiniteGradient = state.gradientWasNotFinite();
    }

    /** Where the run stands now. */
    RunState state(RewardShift shift, Map<String, String> identity) {
        return new RunState(
                RunState.FORMAT,
                done,
                Arrays.stream(losses).limit(done).mapToObj(Double::toString).toList(),
                shift.batches(),
                shift.current(),
                sawNonFinite,
                sawNonFiniteGradient,
                identity);
    }

    @Override
    public void activationAvailable(
            SameDiff sd,
            At at,
            MultiDataSet batch,
            SameDiffOp op,
            String variable,
            INDArray activation) {
        String metric = done == 0 ? metricOfVariable.get(variable) : null;
        if (metric != null) {
            startMetrics.merge(metric, weight() * activation.getDouble(0), Double::sum);
        }
    }

    @Override
    public void gradientsAvailable(
            SameDiff gradients, At at, Map<String, INDArray> byParameter, UpdateClipping clipping) {
        if (!Double.isFinite(clipping.norm()) && !sawNonFiniteGradient) {
            sawNonFiniteGradient = true;
            add(
                    "gradient_not_finite",
                    "the gradient norm of update " + (done + 1) + " is " + clipping.norm());
        }
    }

    @Override
    public void iterationDone(
            SameDiff sd,
            At at,
            MultiDataSet batch,
            org.nd4j.autodiff.listeners.Loss iterationLoss) {
        double value = iterationLoss.totalLoss();
        losses[done] = value;
        if (done == 0) {
            StartCheck.check(loss, startMetrics)
                    .forEach(finding -> add("start_check", finding.message()));
        }
        done++;
        if (!Double.isFinite(value) && !sawNonFinite) {
            sawNonFinite = true;
            add("loss_not_finite", "the loss of update " + done + " is " + value);
        }
        progress.at(new TrainingProgress(run, done, updates, value, elapsed()));
    }

    private void add(String code, String message) {
        Event event = new Event(0, Severity.WARNING, code, message);
        events.add(event);
        sink.accept(event);
    }

    int updatesDone() {
        return done;
    }

    double[] losses() {
        return Arrays.copyOf(losses, done);
    }

    List<Event> events() {
        return Collections.unmodifiableList(events);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
