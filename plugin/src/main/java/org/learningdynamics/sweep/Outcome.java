package org.learningdynamics.sweep;

import java.util.Map;
import java.util.Optional;

/**
 * What training tells beside the recording.
 *
 * @param scores scores that the recording does not hold, such as the oracle's
 * @param stopped why it was stopped early, empty if it was not
 */
public record Outcome(Map<Score, Double> scores, Optional<String> stopped) {
    /**
     * Copies.
     *
     * @param scores scores that the recording does not hold
     * @param stopped why it was stopped early
     */
    public Outcome {
        scores = Map.copyOf(scores);
    }
}
