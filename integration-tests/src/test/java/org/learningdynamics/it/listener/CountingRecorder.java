package org.learningdynamics.it.listener;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** Keeps the step rows only, so that it does not grow with the probes. */
public final class CountingRecorder implements Recorder {
    private final List<StepRow> steps = new ArrayList<>();
    private long nextStep;

    @Override
    public long nextStep() {
        return nextStep++;
    }

    @Override
    public long lastIteration() {
        return steps.isEmpty() ? -1 : steps.get(steps.size() - 1).iteration();
    }

    @Override
    public void record(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            steps.add(recording.step());
        }
    }

    @Override
    public void flush() {
        // Nothing is ever waiting.
    }

    @Override
    public void close() {
        // Holds nothing open.
    }

    /**
     * What was recorded.
     *
     * @return a row a recording
     */
    public List<StepRow> steps() {
        return steps;
    }
}
