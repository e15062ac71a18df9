package org.learningdynamics.sweep;

import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.GridSearchCandidateGenerator;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Every combination once: all values of a discrete parameter, and evenly spaced quantiles of the
 * others' distributions.
 *
 * @param points quantiles of a continuous parameter, and most values of a whole one; at least 2
 * @param order in which they come
 */
public record GridSearch(@JsonProperty("points") int points, @JsonProperty("order") Order order)
        implements Search {
    /** {@link #points} if nothing else is said. */
    public static final int DEFAULT_POINTS = 3;

    /** Order of the combinations. */
    public enum Order {
        /** The first parameter by name changes fastest. */
        @JsonProperty("sequential")
        SEQUENTIAL,
        /** Shuffled by the seed. */
        @JsonProperty("random")
        RANDOM
    }

    /**
     * Checks the number of points.
     *
     * @param points quantiles of a parameter
     * @param order in which they come
     * @throws SweepConfigException if there are fewer than 2
     */
    public GridSearch {
        if (points < 2) {
            throw new SweepConfigException("search.points must be >= 2, got " + points);
        }
    }

    @JsonCreator
    static GridSearch of(
            @JsonProperty("points") @org.jspecify.annotations.Nullable Integer points,
            @JsonProperty("order") @org.jspecify.annotations.Nullable Order order) {
        return new GridSearch(
                points == null ? DEFAULT_POINTS : points, order == null ? Order.SEQUENTIAL : order);
    }

    @Override
    public CandidateGenerator generator(ParameterSpace<?> space, long seed, boolean minimize) {
        SpaceRules.requireParameters(space);
        SpaceRules.requireCountable(space);
        return new SeededGrid(space, points, order, seed);
    }

    @Override
    public boolean isAdaptive() {
        return false;
    }

    /** Arbiter's grid, whose order is shuffled by a seed and not by the clock. */
    private static final class SeededGrid extends GridSearchCandidateGenerator {
        SeededGrid(ParameterSpace<?> space, int points, Order order, long seed) {
            super(
                    space,
                    points,
                    order == Order.RANDOM ? Mode.RandomOrder : Mode.Sequential,
                    Map.of(),
                    false);
            setRngSeed(seed);
            initialize();
        }
    }
}
