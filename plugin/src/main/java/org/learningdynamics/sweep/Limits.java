package org.learningdynamics.sweep;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a sweep goes on; a sweep that ended can be resumed with wider ones.
 *
 * @param candidates most candidates, duplicates not counted; as many as the search has if empty
 * @param time after which no candidate is begun; those under way end
 * @param round candidates that are drawn and compared together: an adaptive search or median
 *     stopping sees the results of earlier rounds alone, so that any number of workers gives the
 *     same results
 */
public record Limits(Optional<Integer> candidates, Optional<Duration> time, int round) {
    /** {@link #round} if nothing else is said. */
    public static final int DEFAULT_ROUND = 4;

    /**
     * Checks the values.
     *
     * @param candidates most candidates
     * @param time after which no candidate is begun
     * @param round candidates of a round
     * @throws SweepConfigException naming the rule that is broken
     */
    public Limits {
        if (candidates.isPresent() && candidates.get() < 1) {
            throw new SweepConfigException("max_candidates must be >= 1, got " + candidates.get());
        }
        if (time.isPresent() && (time.get().isNegative() || time.get().isZero())) {
            throw new SweepConfigException(
                    "max_seconds must be > 0, got " + time.get().toSeconds());
        }
        if (round < 1) {
            throw new SweepConfigException("round must be >= 1, got " + round);
        }
    }

    /**
     * So many candidates.
     *
     * @param candidates at least 1
     * @return limits with the default round
     */
    public static Limits candidates(int candidates) {
        return new Limits(Optional.of(candidates), Optional.empty(), DEFAULT_ROUND);
    }
}
