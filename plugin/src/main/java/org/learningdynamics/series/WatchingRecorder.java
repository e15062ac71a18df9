package org.learningdynamics.series;

import java.util.List;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ForwardingRecorder;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.StepRecording;

/** Hands everything on and shows it to the rules of alarms. */
final class WatchingRecorder extends ForwardingRecorder {
    private static final long NO_STEP = -1;

    private final AlarmWindow window;
    private final AlarmStop stop;

    WatchingRecorder(Recorder recorder, AlarmWindow window, AlarmStop stop) {
        super(recorder);
        this.window = window;
        this.stop = stop;
    }

    @Override
    public void record(Measurement measurement) {
        recorder().record(measurement);
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
                                recorder()
                                        .record(
                                                new Event(
                                                        step,
                                                        alarm.severity(),
                                                        AlarmStop.EVENT,
                                                        "training was asked to stop: "
                                                                + alarm.message())));
    }
}
