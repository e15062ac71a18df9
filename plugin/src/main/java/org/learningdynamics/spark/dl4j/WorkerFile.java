package org.learningdynamics.spark.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * The run file of one worker: what its partitions of all rounds have measured, one after another.
 */
final class WorkerFile implements AutoCloseable {
    /** Event that says which attempt made a round. */
    static final String ROUND = "worker_round";

    private final RunFileRecorder recorder;
    private final ExampleIds.InFile examples;

    WorkerFile(RunFileRecorder recorder, ExampleIds.InFile examples) {
        this.recorder = recorder;
        this.examples = examples;
    }

    RunFileRecorder recorder() {
        return recorder;
    }

    /**
     * Stores a round of this worker.
     *
     * @param recording what came home
     * @param round number of the round, from 1
     * @param epoch the driver's epoch, which replicas of graphs do not know
     * @return its recordings, as stored
     */
    List<StepRecording> append(WorkerRecording recording, long round, int epoch) {
        recorder.record(event(recording, round));
        examples.nextAttempt();
        List<StepRecording> steps = new ArrayList<>();
        for (Measurement measurement : recording.measurements()) {
            if (measurement instanceof ExampleRow row) {
                examples.met(row).ifPresent(recorder::record);
            } else if (measurement instanceof StepRecording step) {
                StepRecording placed = placed(examples.renumbered(step), epoch);
                recorder.record(placed);
                steps.add(placed);
            } else {
                recorder.record(measurement);
            }
        }
        return steps;
    }

    private static StepRecording placed(StepRecording recording, int epoch) {
        StepRow row = recording.step();
        StepRow placed =
                new StepRow(
                        row.step(),
                        row.iteration(),
                        epoch,
                        row.timeMillis(),
                        row.loss(),
                        row.learningRate(),
                        row.gradNorm(),
                        row.stepMillis(),
                        row.overheadMillis());
        return new StepRecording(
                placed,
                recording.likelihoods(),
                recording.tokens(),
                recording.events(),
                recording.interactions());
    }

    private static Event event(WorkerRecording recording, long round) {
        TaskAttempt attempt = recording.attempt();
        int from = recording.firstIteration();
        String text =
                String.format(
                        Locale.ROOT,
                        "round %d, updates %d to %d: attempt %d (task %d of stage %d) on executor"
                                + " %s at %s",
                        round,
                        from + 1,
                        from + recording.updates(),
                        attempt.attempt(),
                        attempt.task(),
                        attempt.stage(),
                        attempt.executor(),
                        attempt.host());
        return new Event(-1, Severity.INFO, ROUND, text);
    }

    @Override
    public void close() {
        recorder.close();
    }
}
