package org.learningdynamics.listener;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.learningdynamics.model.ModelView;
import org.learningdynamics.model.ProbeThread;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.slf4j.Logger;

/**
 * Counts the updates of one model and records it when the schedule says so. All methods are called
 * by the thread that trains, which waits while the probe thread measures.
 */
final class RecordingSession implements AutoCloseable {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Loss metric, recorded for every update. */
    static final String LOSS = "loss";

    private static final long NO_STEP = -1;

    private enum State {
        NEW,
        TRAINING,
        CLOSED
    }

    private final ListenerSettings settings;
    private final ModelView view;
    private final ProbePass probes;
    private final Optional<InfluenceSession> influence;
    private final Optional<ProbeDistributions> distributions;
    private final FailureLog failures;
    private final ProbeThread thread = new ProbeThread("learning-dynamics-probe");
    private final long recordedBefore;
    private State state = State.NEW;
    private long iteration;
    private long lastRecorded = -1;
    private Update last = new Update(0, Double.NaN, Double.NaN, Double.NaN);
    private double stepMillis = Double.NaN;
    private long resumedNanos;

    RecordingSession(
            ListenerSettings settings,
            ModelView view,
            ProbePass probes,
            Optional<InfluenceSession> influence,
            Logger logger) {
        this.settings = settings;
        this.view = view;
        this.probes = probes;
        this.influence = influence;
        this.distributions =
                settings.distributions()
                        .map(
                                options ->
                                        new ProbeDistributions(
                                                options,
                                                settings.probes(),
                                                settings.recorder().firstDistributions()));
        this.failures = new FailureLog(logger);
        this.iteration = settings.firstIteration();
        this.recordedBefore = settings.recorder().lastIteration();
    }

    FailureLog failures() {
        return failures;
    }

    /** Called before each update, while the parameters are still the old ones. */
    void beforeUpdate(int epoch) {
        if (state != State.NEW) {
            return;
        }
        state = State.TRAINING;
        if (recordedBefore < iteration && settings.schedule().isDue(iteration)) {
            record(epoch, view -> {}, Optional.empty());
        }
        resumedNanos = System.nanoTime();
    }

    /** Whether the coming update ends in a recording, so that its gradient norm is wanted. */
    boolean nextIsDue() {
        return state != State.CLOSED && settings.schedule().isDue(iteration + 1);
    }

    /**
     * Called after each update.
     *
     * @param update what the host says
     * @param pending brings the view to the state that the update ends in
     * @param learnt what it learnt from, if that is to be recorded; closed here
     */
    void afterUpdate(Update update, Consumer<ModelView> pending, Optional<LearntUpdate> learnt) {
        try {
            afterOpenUpdate(update, pending, learnt);
        } finally {
            learnt.ifPresent(LearntUpdate::close);
        }
    }

    private void afterOpenUpdate(
            Update update, Consumer<ModelView> pending, Optional<LearntUpdate> learnt) {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.TRAINING) {
            stepMillis = (System.nanoTime() - resumedNanos) / NANOS_PER_MILLI;
        }
        state = State.TRAINING;
        iteration++;
        last = update;
        metric(LOSS, update.loss());
        if (settings.schedule().isDue(iteration)) {
            record(update.epoch(), pending, learnt);
        }
        resumedNanos = System.nanoTime();
    }

    /** Called after the last update of an epoch. */
    void epochEnd(int epoch) {
        if (state == State.TRAINING && settings.schedule().recordsEpochEnds()) {
            long start = System.nanoTime();
            recordOnce(epoch);
            resumedNanos += System.nanoTime() - start;
        }
    }

    /** Records the state as it is, whatever the schedule says. */
    void recordNow() {
        if (state != State.CLOSED) {
            record(last.epoch(), view -> {}, Optional.empty());
        }
    }

    /** A scalar of the update that {@link #afterUpdate} was last called for. */
    void metric(String name, double value) {
        store(new Metric(iteration, name, value));
    }

    /** Something worth knowing that belongs to no recording. */
    void event(Severity severity, String code, String message) {
        store(new Event(NO_STEP, severity, code, message));
    }

    /** An example that was met for the first time. */
    void example(ExampleRow example) {
        store(example);
    }

    private void recordOnce(int epoch) {
        if (lastRecorded != iteration) {
            record(epoch, view -> {}, Optional.empty());
        }
    }

    private void record(int epoch, Consumer<ModelView> pending, Optional<LearntUpdate> learnt) {
        long start = System.nanoTime();
        long step = settings.recorder().nextStep();
        MeasuredProbes measured =
                new MeasuredProbes(step, settings.tokens(), distributions, failures);
        onProbeThread(measured, () -> measure(measured, pending));
        Interactions interactions = interactions(step, measured, learnt);
        lastRecorded = iteration;
        double overheadMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        store(
                new StepRecording(
                        stepRow(step, epoch, overheadMillis),
                        measured.likelihoods(),
                        measured.tokens(),
                        measured.distributions(),
                        measured.events(),
                        interactions));
    }

    private void measure(MeasuredProbes measured, Consumer<ModelView> pending) {
        view.refresh();
        pending.accept(view);
        probes.measure(measured, view);
    }

    /** Not measured is no reason to lose what was. */
    private Interactions interactions(
            long step, MeasuredProbes measured, Optional<LearntUpdate> learnt) {
        if (influence.isEmpty() || learnt.isEmpty()) {
            return Interactions.NONE;
        }
        AtomicReference<Interactions> result = new AtomicReference<>(Interactions.NONE);
        onProbeThread(
                measured,
                () ->
                        result.set(
                                influence
                                        .get()
                                        .measure(step, settings.probes(), measured, learnt.get())));
        return Objects.requireNonNull(result.get());
    }

    private void onProbeThread(MeasuredProbes measured, Runnable task) {
        try {
            thread.call(
                    () -> {
                        task.run();
                        return measured;
                    });
        } catch (ExecutionException e) {
            measured.failed("all probes", e.getCause() == null ? e : e.getCause());
        }
    }

    private StepRow stepRow(long step, int epoch, double overheadMillis) {
        return new StepRow(
                step,
                iteration,
                epoch,
                settings.clock().millis(),
                last.loss(),
                last.learningRate(),
                last.gradNorm(),
                stepMillis,
                overheadMillis);
    }

    /**
     * An interruption is for whoever trains, not for the recorder, which could take it as its own.
     */
    private void store(Measurement measurement) {
        boolean interrupted = Thread.interrupted();
        failures.guard(FailureLog.Sort.RECORDER, () -> settings.recorder().record(measurement));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records the last state if the schedule asks for it; then frees view and thread. */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state == State.TRAINING && settings.schedule().recordsFinal()) {
            failures.guard(FailureLog.Sort.CALLBACK, () -> recordOnce(last.epoch()));
        }
        state = State.CLOSED;
        failures.guard(FailureLog.Sort.CALLBACK, this::closeView);
        thread.close();
        if (settings.ownership() == ListenerSettings.Ownership.LISTENER) {
            settings.recorder().close();
        }
    }

    private void closeView() {
        try {
            thread.call(
                    () -> {
                        view.close();
                        probes.close();
                        influence.ifPresent(InfluenceSession::close);
                        return view;
                    });
        } catch (ExecutionException e) {
            failures.add(FailureLog.Sort.CALLBACK, e.getCause() == null ? e : e.getCause());
        }
    }
}
