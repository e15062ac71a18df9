package org.learningdynamics.sweep;

import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a candidate is stopped early, from the recording of its last stage alone. Each rule is asked
 * after a recording, before the next update.
 *
 * @param curve the score that {@link #patience} and {@link #median} look at; must be a curve
 * @param squeezing whether a squeezing alarm stops a candidate
 * @param patience recordings in a row without a better value of {@link #curve}
 * @param median whether a candidate worse than the median of earlier ones is stopped
 */
public record StoppingRules(
        Score curve, boolean squeezing, Optional<Integer> patience, Optional<MedianRule> median)
        implements Serializable {
    /** Nothing is stopped but what is not a number. */
    public static final StoppingRules NONE =
            new StoppingRules(Score.FINAL_LOG_PROB, false, Optional.empty(), Optional.empty());

    /**
     * Checks the values.
     *
     * @param curve the score that rules look at
     * @param squeezing whether a squeezing alarm stops
     * @param patience recordings without progress
     * @param median median stopping
     * @throws SweepConfigException naming the rule that is broken
     */
    public StoppingRules {
        if (!curve.isCurve()) {
            throw new SweepConfigException(
                    "stop.curve must be a score that is read while training, got " + curve.label());
        }
        if (patience.isPresent() && patience.get() < 1) {
            throw new SweepConfigException("stop.no_progress must be >= 1, got " + patience.get());
        }
    }

    /** {@link Optional} cannot be sent. */
    private Object writeReplace() {
        return new Sent(curve, squeezing, patience.orElse(null), median.orElse(null));
    }

    private record Sent(
            Score curve, boolean squeezing, @Nullable Integer patience, @Nullable MedianRule median)
            implements Serializable {
        private Object readResolve() {
            return new StoppingRules(
                    curve, squeezing, Optional.ofNullable(patience), Optional.ofNullable(median));
        }
    }
}
