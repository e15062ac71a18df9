package org.learningdynamics.series;

import java.util.List;
import java.util.Optional;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;

/** Hands everything on and shows it to the rules of alarms. */
final class WatchingRecorder implements Recorder {
    private static final long NO_STEP = -1;

    private final Recorder recorder;
    private final AlarmWindow window;
    private final AlarmStop stop;

    WatchingRecorder(Recorder recorder, AlarmWindow window, AlarmStop stop) {
        this.recorder = recorder;
        this.window = window;
        this.stop = stop;
    }

    @Override
    public long nextStep() {
        return recorder.nextStep();
    }

    @Override
    public long lastIteration() {
        return recorder.lastIteration();
    }

    @Override
    public Optional<RunHeader> header() {
        return recorder.header();
    }

    @Override
    public void record(Measurement measurement) {
        recorder.record(measurement);
        if (stop.isRaised()) {
            return;
        }
        if (measurement instanceof StepRecording recording) {
            tell(window.add(recording), recording.step().step());
        } else if (measurement instanceof Metric metric) {
            tell(window.add(metric), NO_STEP);
        }
    }

    private void tell(List<Alarm> alarms, long step) {
        stop.take(alarms)
                .ifPresent(
                        alarm ->
                                recorder.record(
                                        new Event(
                                                step,
                                                alarm.severity(),
                                                AlarmStop.EVENT,
                                                "training was asked to stop: " + alarm.message())));
    }

    @Override
    public void flush() {
        recorder.flush();
    }

    @Override
    public void close() {
        recorder.close();
    }
}
