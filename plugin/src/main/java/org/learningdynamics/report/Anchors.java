package org.learningdynamics.report;

import org.learningdynamics.series.Alarm;

/** The ids of the page's sections. */
final class Anchors {
    static final String LIKELIHOOD = "likelihood";
    static final String SQUEEZING = "squeezing";
    static final String DIFFERENCES = "differences";
    static final String CLASSES = "classes";
    static final String METRICS = "metrics";
    static final String INFLUENCE = "influence";
    static final String PROVENANCE = "provenance";
    static final String OVERHEAD = "overhead";
    static final String EVENTS = "events";

    private Anchors() {}

    /** The section that shows an alarm. */
    static String of(Alarm alarm) {
        return switch (alarm.code()) {
            case Alarm.SQUEEZING -> SQUEEZING;
            case Alarm.REWARDS_STUCK, Alarm.FIRST_LOSS, Alarm.STALE_REFERENCE -> METRICS;
            case Alarm.UNTRUSTED_PREDICTION -> INFLUENCE;
            default -> LIKELIHOOD;
        };
    }
}
