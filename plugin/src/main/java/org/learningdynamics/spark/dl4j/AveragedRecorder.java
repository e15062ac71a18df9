package org.learningdynamics.spark.dl4j;

import java.util.Optional;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Gives recordings of the averaged network their place in training, which the network itself learns
 * of only after the round.
 */
final class AveragedRecorder implements Recorder {
    private final Recorder file;
    private Optional<StepRecording> last = Optional.empty();
    private long iteration;
    private int epoch;
    private double loss = Double.NaN;

    AveragedRecorder(Recorder file) {
        this.file = file;
    }

    /** Where training stands at the next recording. */
    void at(long updates, int passes, double meanLoss) {
        iteration = updates;
        epoch = passes;
        loss = meanLoss;
        last = Optional.empty();
    }

    /** What was recorded there. */
    Optional<StepRecording> last() {
        return last;
    }

    @Override
    public Optional<RunHeader> header() {
        return file.header();
    }

    @Override
    public long nextStep() {
        return file.nextStep();
    }

    @Override
    public long lastIteration() {
        return file.lastIteration();
    }

    @Override
    public void record(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            StepRecording placed = placed(recording);
            last = Optional.of(placed);
            file.record(placed);
        } else {
            file.record(measurement);
        }
    }

    private StepRecording placed(StepRecording recording) {
        StepRow row = recording.step();
        return new StepRecording(
                new StepRow(
                        row.step(),
                        iteration,
                        epoch,
                        row.timeMillis(),
                        loss,
                        row.learningRate(),
                        row.gradNorm(),
                        row.stepMillis(),
                        row.overheadMillis()),
                recording.likelihoods(),
                recording.tokens(),
                recording.events(),
                recording.interactions());
    }

    @Override
    public void flush() {
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }
}
