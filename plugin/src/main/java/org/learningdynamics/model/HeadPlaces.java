package org.learningdynamics.model;

import java.util.Optional;

/**
 * Where the queries, keys or values of attention stand in a variable of a graph over rows of equal
 * length T.
 *
 * @param variable its name
 * @param heads number of heads
 * @param width h of a head
 * @param columns of the variable, if it has a row a position and one head's columns behind the
 *     other's, // [B·T, columns]; 0 if it is // [B, heads, T, h]
 * @param first column of the first head
 * @param bias name of what is added to every position, in the same columns // [columns] or [1,
 *     columns]
 */
public record HeadPlaces(
        String variable, int heads, int width, int columns, int first, Optional<String> bias) {
    /**
     * Checks that the heads fit.
     *
     * @param variable its name
     * @param heads at least 1
     * @param width at least 1
     * @param columns 0, or at least {@code first + heads · width}
     * @param first at least 0
     * @param bias only where there are columns
     * @throws IllegalArgumentException if they do not
     */
    public HeadPlaces {
        if (heads < 1 || width < 1 || first < 0) {
            throw new IllegalArgumentException(
                    "heads and width must be >= 1 and first >= 0, got "
                            + heads
                            + ", "
                            + width
                            + " and "
                            + first);
        }
        int last = first + heads * width;
        if (columns < last && columns != 0) {
            throw new IllegalArgumentException("columns must be >= " + last + ", got " + columns);
        }
        if (columns == 0 && bias.isPresent()) {
            throw new IllegalArgumentException(
                    "a bias needs columns that it is added to, got " + bias.get());
        }
    }

    /**
     * Heads behind each other in a position's row.
     *
     * @param variable its name // [B·T, columns]
     * @param heads at least 1
     * @param width h
     * @param columns at least {@code first + heads · width}
     * @param first column of the first head
     * @return their places
     */
    public static HeadPlaces inColumns(
            String variable, int heads, int width, int columns, int first) {
        return new HeadPlaces(variable, heads, width, columns, first, Optional.empty());
    }

    /**
     * The same places of a sum that is not in the graph.
     *
     * @param name of what is added // [columns] or [1, columns]
     * @return places with the bias
     */
    public HeadPlaces plus(String name) {
        return new HeadPlaces(variable, heads, width, columns, first, Optional.of(name));
    }

    /**
     * Heads that stand one behind the other.
     *
     * @param variable its name // [B, heads, T, h]
     * @param heads at least 1
     * @param width h
     * @return their places
     */
    public static HeadPlaces byHead(String variable, int heads, int width) {
        return new HeadPlaces(variable, heads, width, 0, 0, Optional.empty());
    }

    /** Elements of a position. */
    int size() {
        return heads * width;
    }

    /** Whether the heads of a position are neighbours in memory. */
    boolean isByPosition() {
        return columns > 0;
    }

    /** The place of a head's vector in the variable's memory. */
    int place(int row, int length, int position, int head) {
        return isByPosition()
                ? (row * length + position) * columns + first + head * width
                : ((row * heads + head) * length + position) * width;
    }
}
