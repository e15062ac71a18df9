package org.learningdynamics.model;

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
 */
public record HeadPlaces(String variable, int heads, int width, int columns, int first) {
    /**
     * Checks that the heads fit.
     *
     * @param variable its name
     * @param heads at least 1
     * @param width at least 1
     * @param columns 0, or at least {@code first + heads · width}
     * @param first at least 0
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
        return new HeadPlaces(variable, heads, width, 0, 0);
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
