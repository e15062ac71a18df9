package org.learningdynamics.sweep.record;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a candidate; written once.
 *
 * @param index the candidate's number
 * @param state how it ended
 * @param cause why it failed or was stopped, one line; empty if it was trained to its end
 * @param runs its run files in the order of training, relative to the sweep file's folder
 * @param scores values by name, NaN where one could not be had; empty if it failed
 * @param curve the series that median stopping compares, one value a recording of the last stage //
 *     [recordings]
 * @param seconds wall time of training and scoring
 */
public record ResultRow(
        int index,
        CandidateState state,
        String cause,
        List<String> runs,
        Map<String, Double> scores,
        double[] curve,
        double seconds)
        implements Serializable {
    /**
     * Copies.
     *
     * @param index the candidate's number
     * @param state how it ended
     * @param cause why it failed or was stopped
     * @param runs its run files
     * @param scores values by name
     * @param curve the series that median stopping compares
     * @param seconds wall time
     */
    public ResultRow {
        cause = cause.lines().findFirst().orElse("");
        runs = List.copyOf(runs);
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
        curve = curve.clone();
    }

    /**
     * The series that median stopping compares.
     *
     * @return a copy // [recordings]
     */
    @Override
    public double[] curve() {
        return curve.clone();
    }

    /**
     * One score.
     *
     * @param name its name
     * @return its value, NaN if there is none
     */
    public double score(String name) {
        return scores.getOrDefault(name, Double.NaN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResultRow row
                && row.index == index
                && row.state == state
                && row.cause.equals(cause)
                && row.runs.equals(runs)
                && row.scores.equals(scores)
                && Arrays.equals(row.curve, curve)
                && Double.compare(row.seconds, seconds) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * index + scores.hashCode();
    }
}
