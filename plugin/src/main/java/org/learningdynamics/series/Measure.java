package org.learningdynamics.series;

import org.learningdynamics.recording.LikelihoodRow;

/**
 * The measures of one response that a recording holds, with the names and units used in tables and
 * charts.
 */
public enum Measure {
    /** Log-probability of the response. */
    LOG_PROB("log_prob", "log-probability", "nats"),
    /** Log-probability of the likeliest tokens at the response's positions. */
    ARGMAX_LOG_PROB("argmax_log_prob", "argmax log-probability", "nats"),
    /** Log of the mass outside the likeliest tokens. */
    REST_LOG_PROB("rest_log_prob", "rest log-probability", "nats"),
    /** Frobenius norm of the Jacobian of log-softmax. */
    PEAKINESS("peakiness", "peakiness", ""),
    /** Distance between the distribution and the response. */
    GAP("gap", "gap", ""),
    /** Mean probability missing at the response's tokens. */
    ENERGY("energy", "pull-up energy", ""),
    /** Mean entropy of the distributions. */
    ENTROPY("entropy", "entropy", "nats per token");

    private final String column;
    private final String label;
    private final String unit;

    Measure(String column, String label, String unit) {
        this.column = column;
        this.label = label;
        this.unit = unit;
    }

    /**
     * The measure's column in the run file.
     *
     * @return the column's name
     */
    public String column() {
        return column;
    }

    /**
     * The measure's name for people.
     *
     * @return a lower-case name
     */
    public String label() {
        return label;
    }

    /**
     * The measure's unit.
     *
     * @return the unit, empty for a pure number
     */
    public String unit() {
        return unit;
    }

    /**
     * Whether the measure is a sum of logarithms over the response, so that its changes are in
     * nats.
     *
     * @return true for the response's, the argmax's and the rest's log-probability
     */
    public boolean isLogProbability() {
        return this == LOG_PROB || this == ARGMAX_LOG_PROB || this == REST_LOG_PROB;
    }

    /**
     * This measure's value in a row.
     *
     * @param row a recorded row
     * @return the value, NaN if it was not measured or measured as NaN
     */
    public double of(LikelihoodRow row) {
        return switch (this) {
            case LOG_PROB -> row.logProb();
            case ARGMAX_LOG_PROB -> row.argmaxLogProb();
            case REST_LOG_PROB -> row.restLogProb();
            case PEAKINESS -> row.peakiness();
            case GAP -> row.gap();
            case ENERGY -> row.energy();
            case ENTROPY -> row.entropy();
        };
    }
}
