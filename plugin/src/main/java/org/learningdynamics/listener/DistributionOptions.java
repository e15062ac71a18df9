package org.learningdynamics.listener;

/**
 * How much of the distributions at single positions is recorded: the likeliest tokens, those that
 * were likeliest at the first recording, and the response's own.
 *
 * @param count how many of the likeliest tokens, at least 1; the whole distribution where there are
 *     no more classes
 * @param positions how many positions of a response, the first ones, at least 1
 * @param responses of which probes and kinds
 */
public record DistributionOptions(int count, int positions, ResponseSelection responses) {
    /** Default {@link #count}. */
    public static final int DEFAULT_COUNT = 12;

    /** Default {@link #positions}. */
    public static final int DEFAULT_POSITIONS = 8;

    /** Probes by default. */
    public static final int DEFAULT_PROBES = 16;

    /**
     * Checks.
     *
     * @param count how many of the likeliest tokens
     * @param positions how many positions of a response
     * @param responses of which probes and kinds
     * @throws IllegalArgumentException if a number is below 1
     */
    public DistributionOptions {
        if (count < 1) {
            throw new IllegalArgumentException("count must be >= 1, got " + count);
        }
        if (positions < 1) {
            throw new IllegalArgumentException("positions must be >= 1, got " + positions);
        }
    }

    /**
     * The 12 likeliest tokens at the first 8 positions of all responses of 16 probes.
     *
     * @return the options
     */
    public static DistributionOptions defaults() {
        return new DistributionOptions(
                DEFAULT_COUNT,
                DEFAULT_POSITIONS,
                new ResponseSelection(DEFAULT_PROBES, ResponseSelection.ALL.kinds()));
    }

    /**
     * The same with another number of tokens.
     *
     * @param tokens how many of the likeliest, at least 1
     * @return new options
     */
    public DistributionOptions withCount(int tokens) {
        return new DistributionOptions(tokens, positions, responses);
    }

    /**
     * The same at other positions.
     *
     * @param first how many of a response's positions, at least 1
     * @return new options
     */
    public DistributionOptions withPositions(int first) {
        return new DistributionOptions(count, first, responses);
    }

    /**
     * The same of other responses.
     *
     * @param selection which
     * @return new options
     */
    public DistributionOptions withResponses(ResponseSelection selection) {
        return new DistributionOptions(count, positions, selection);
    }
}
