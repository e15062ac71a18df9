package org.learningdynamics.sweep;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.sweep.record.CandidateRow;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * The candidates of a search in order, each set of values once, with an end where the search has
 * one: Arbiter's generators go on drawing what was drawn before, and tell of a candidate that could
 * not be built only by an exception inside it.
 */
final class CandidateDraws<T> {
    /** Draws in a row that were all there before, after which nothing new is expected. */
    static final int MOST_REPEATS = 200;

    private final ParameterSpace<T> space;
    private final CandidateGenerator generator;
    private final Map<Map<String, Object>, Drawn<T>> drawn = new HashMap<>();
    private final Map<Integer, ResultRow> reported = new HashMap<>();
    private final String score;

    CandidateDraws(ParameterSpace<T> space, CandidateGenerator generator, String score) {
        this.space = space;
        this.generator = generator;
        this.score = score;
    }

    /**
     * One candidate.
     *
     * @param row its number and values
     * @param candidate what Arbiter drew
     */
    record Drawn<T>(CandidateRow row, Candidate<?> candidate) {
        int index() {
            return row.index();
        }

        /** What was drawn; throws if these values cannot be a candidate. */
        @SuppressWarnings("unchecked") // of this space
        T value() {
            @Nullable Exception failure = candidate.getException();
            if (failure != null) {
                throw new CandidateFailed("infeasible: " + failure.getMessage());
            }
            return (T) candidate.getValue();
        }
    }

    /** How many were drawn, which is the next one's number. */
    int count() {
        return drawn.size();
    }

    /** How many there are in all, if the search says so. */
    OptionalInt total() {
        return generator instanceof GridSearchCandidateGenerator grid
                ? OptionalInt.of(grid.getTotalNumCandidates())
                : OptionalInt.empty();
    }

    /** The next one that was not there before; empty at the search's end. */
    Optional<Drawn<T>> next() {
        for (int repeats = 0; repeats < MOST_REPEATS && generator.hasMoreCandidates(); repeats++) {
            Candidate<?> candidate = generator.getCandidate();
            double @Nullable [] genes = candidate.getFlatParameters();
            if (genes == null) {
                return Optional.empty();
            }
            CandidateRow row = new CandidateRow(count(), SpaceLeaves.values(space, genes));
            Drawn<T> before = drawn.get(row.parameters());
            if (before == null) {
                Drawn<T> fresh = new Drawn<>(row, candidate);
                drawn.put(row.parameters(), fresh);
                return Optional.of(fresh);
            }
            @Nullable ResultRow known = reported.get(before.index());
            if (known != null) {
                report(candidate, known);
            }
        }
        return Optional.empty();
    }

    /** Tells the search what became of a candidate. */
    void report(Drawn<T> of, ResultRow result) {
        reported.put(of.index(), result);
        report(of.candidate(), result);
    }

    private void report(Candidate<?> candidate, ResultRow result) {
        double value = result.score(score);
        if (!Double.isNaN(value)) { // Arbiter would rank it above all numbers
            generator.reportResults(
                    new OptimizationResult(candidate, value, result.index(), "", null, null));
        }
    }
}
