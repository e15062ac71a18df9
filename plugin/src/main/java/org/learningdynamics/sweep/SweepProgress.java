package org.learningdynamics.sweep;

import java.util.Optional;
import java.util.OptionalInt;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * Where a sweep stands.
 *
 * @param ended candidates with a result, earlier processes' included
 * @param total candidates in all, empty while the search has no end
 * @param running candidates under way
 * @param failed candidates that failed
 * @param best the best result by the first score, empty before the first
 */
public record SweepProgress(
        int ended, OptionalInt total, int running, int failed, Optional<ResultRow> best) {}
