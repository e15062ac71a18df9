package org.learningdynamics.sweep.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What a sweep is.
 *
 * @param name its name for people
 * @param identity digest of all that decides candidates and results; a sweep is only resumed with
 *     the same
 * @param configuration the configuration as text, for people
 * @param parameters names of the parameters that vary
 * @param scores what every candidate is scored by, the one that ranks first
 * @param libraryVersion version of this library
 * @param createdAt when the sweep was begun
 */
public record SweepHeader(
        String name,
        String identity,
        String configuration,
        List<String> parameters,
        List<ScoreColumn> scores,
        String libraryVersion,
        Instant createdAt) {
    /**
     * Copies and checks.
     *
     * @param name its name for people
     * @param identity digest of all that decides candidates and results
     * @param configuration the configuration as text
     * @param parameters names of the parameters that vary
     * @param scores what every candidate is scored by
     * @param libraryVersion version of this library
     * @param createdAt when the sweep was begun, kept to the millisecond
     * @throws IllegalArgumentException if there is no score
     */
    public SweepHeader {
        parameters = List.copyOf(parameters);
        scores = List.copyOf(scores);
        createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("scores must hold at least one score, got none");
        }
    }

    /**
     * The score that ranks candidates.
     *
     * @return the first one
     */
    public ScoreColumn first() {
        return scores.get(0);
    }
}
