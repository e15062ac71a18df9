package org.learningdynamics.samples.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.AlarmStop;
import org.learningdynamics.train.TrainingResult;
import org.learningdynamics.train.TrainingRun;
import picocli.CommandLine.Option;

/** What ends a training early. */
final class StopSettings {
    @Option(
            names = "--stop-on",
            split = ",",
            paramLabel = "ALARM",
            description =
                    "End training, this method's and those after it, when the recording shows one"
                            + " of: ${COMPLETION-CANDIDATES} (default: nothing does).",
            completionCandidates = Codes.class)
    private List<String> codes = List.of();

    /** Fails before anything is trained. */
    void check() {
        stop();
    }

    void on(TrainingRun.Builder run) {
        stop().ifPresent(run::stopOn);
    }

    /** Whether a stage was ended, told if so. */
    boolean ended(String stage, TrainingResult result, Console console) {
        result.stoppedBy()
                .ifPresent(
                        alarm ->
                                console.say(
                                        stage
                                                + ": stopped after update "
                                                + result.updates()
                                                + ". "
                                                + alarm.message()
                                                + " "
                                                + alarm.advice()));
        return result.stoppedBy().isPresent();
    }

    private Optional<AlarmStop> stop() {
        return codes.isEmpty() ? Optional.empty() : Optional.of(AlarmStop.on(codes));
    }

    /** Names for the help. */
    static final class Codes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Alarm.CODES.iterator();
        }
    }
}
