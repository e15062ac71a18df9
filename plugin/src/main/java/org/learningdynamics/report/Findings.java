package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.RecordedRun;

/** The sentences of the first screen. */
final class Findings {
    static final String CURVES = "likelihood";

    private final ReportModel model;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> advices = new HashSet<>();

    private Findings(ReportModel model) {
        this.model = model;
    }

    /** Alarms first, then what each run moved, how the sequences compare, and the cost. */
    static List<Finding> of(ReportModel model) {
        Findings findings = new Findings(model);
        findings.addAlarms();
        for (RecordedRun run : model.runs()) {
            findings.findings.add(Moves.finding(run));
        }
        findings.findings.addAll(Comparison.findings(model.sequences()));
        findings.addCost();
        return findings.findings;
    }

    private void addAlarms() {
        List<Finding> alarms = new ArrayList<>();
        for (RecordedRun run : model.runs()) {
            for (Alarm alarm : model.alarms(run)) {
                alarms.add(
                        new Finding(
                                tone(alarm.severity()),
                                run.name(),
                                alarm.message(),
                                alarm.advice(),
                                anchor(alarm)));
            }
        }
        if (alarms.isEmpty()) {
            findings.add(
                    new Finding(
                            Finding.Tone.GOOD,
                            "No alarm",
                            "no squeezing, no certain fall of chosen over five recordings, no NaN,"
                                    + " no stuck rewards, no wrong first loss.",
                            "",
                            CURVES));
        }
        alarms.sort(Comparator.comparing(Finding::tone));
        alarms.forEach(alarm -> findings.add(alarm.advisingOnce(advices)));
    }

    private static Finding.Tone tone(Severity severity) {
        return switch (severity) {
            case ERROR -> Finding.Tone.ERROR;
            case WARNING -> Finding.Tone.WARNING;
            case INFO -> Finding.Tone.INFO;
        };
    }

    private static String anchor(Alarm alarm) {
        return switch (alarm.code()) {
            case Alarm.SQUEEZING -> "squeezing";
            case Alarm.REWARDS_STUCK, Alarm.FIRST_LOSS -> "metrics";
            default -> CURVES;
        };
    }

    private void addCost() {
        String shares =
                model.runs().stream()
                        .filter(run -> Overhead.of(run).share() > 0)
                        .map(Findings::cost)
                        .collect(Collectors.joining(", "));
        if (!shares.isEmpty()) {
            findings.add(
                    Finding.info(
                            "Recording", "took of the training time: " + shares + ".", "overhead"));
        }
    }

    private static String cost(RecordedRun run) {
        double percent = 100 * Overhead.of(run).share();
        return String.format(Locale.ROOT, "%s %.1f %%", run.name(), percent);
    }
}
