package org.learningdynamics.spark.dl4j;

import java.util.Optional;
import org.learningdynamics.recording.ForwardingRecorder;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Gives recordings of the averaged network their place in training, which the network itself learns
 * of only after the round.
 */
final class AveragedRecorder extends ForwardingRecorder {
    private Optional<StepRecording> last = Optional.empty();
    private long iteration;
    private int epoch;
    private double loss = Double.NaN;

    AveragedRecorder(Recorder file) {
        super(file);
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
    public void record(Measurement measurement) {
        if (measurement instanceof StepRecording recording) {
            StepRecording placed = placed(recording);
            last = Optional.of(placed);
            recorder().record(placed);
        } else {
            recorder().record(measurement);
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
                recording.distributions(),
                recording.events(),
                recording.interactions());
    }
}
