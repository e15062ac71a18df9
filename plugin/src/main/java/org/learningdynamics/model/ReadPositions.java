package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The positions whose logits a pass makes: in each row those that are read, behind as many others
 * as it takes to make T' of each row. T' is a little above the most that a row reads, so that
 * passes over rows of many kinds have few shapes.
 *
 * @param length T, positions of a row
 * @param kept positions, distinct in each row // [N][T']
 */
public record ReadPositions(int length, int[][] kept) {
    private static final int SHAPES = 16; // values of T' for a long T, about

    /**
     * Checks and copies.
     *
     * @param length T
     * @param kept positions from 0 to T − 1 // [N][T']
     * @throws IllegalArgumentException if rows differ in T', or a position is outside
     */
    public ReadPositions {
        kept = copy(kept);
        for (int[] row : kept) {
            if (row.length != kept[0].length
                    || Arrays.stream(row).anyMatch(t -> t < 0 || t >= length)) {
                throw new IllegalArgumentException(
                        "each row must keep "
                                + kept[0].length
                                + " positions from 0 to "
                                + (length - 1)
                                + ", got "
                                + Arrays.toString(row));
            }
        }
    }

    private static int[][] copy(int[][] rows) {
        return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
    }

    /**
     * Positions with a label.
     *
     * @param labels negative where none is read // [N][T]
     * @return nothing if leaving out the others would save less than an eighth
     */
    static Optional<ReadPositions> ofLabels(int[][] labels) {
        boolean[][] read = new boolean[labels.length][labels[0].length];
        for (int n = 0; n < read.length; n++) {
            for (int t = 0; t < read[n].length; t++) {
                read[n][t] = labels[n][t] >= 0;
            }
        }
        return of(read);
    }

    /**
     * Positions with a weight that is not 0, NaN among them.
     *
     * @param seed weights of the logits // [N·T, V]
     * @param rows N
     * @return nothing if leaving out the others would save less than an eighth
     */
    static Optional<ReadPositions> ofSeed(INDArray seed, int rows) {
        int length = (int) (seed.size(0) / rows);
        boolean[][] read = new boolean[rows][length];
        try (INDArray sizes = seed.norm1(1)) {
            for (int i = 0; i < rows * length; i++) {
                read[i / length][i % length] = sizes.getDouble(i) != 0;
            }
        }
        return of(read);
    }

    private static Optional<ReadPositions> of(boolean[][] read) {
        int length = read[0].length;
        int most = 1;
        for (boolean[] row : read) {
            most = Math.max(most, (int) positions(row, true).count());
        }
        int unit = Math.max(1, length / SHAPES);
        int count = Math.min(length, (most + unit - 1) / unit * unit);
        if (count > length - length / 8.0) {
            return Optional.empty();
        }
        int[][] kept = new int[read.length][];
        for (int n = 0; n < kept.length; n++) {
            int own = (int) positions(read[n], true).count();
            kept[n] =
                    IntStream.concat(
                                    positions(read[n], false).limit(count - own),
                                    positions(read[n], true))
                            .toArray();
        }
        return Optional.of(new ReadPositions(length, kept));
    }

    private static IntStream positions(boolean[] row, boolean areRead) {
        return IntStream.range(0, row.length).filter(t -> row[t] == areRead);
    }

    /**
     * The positions.
     *
     * @return a copy // [N][T']
     */
    @Override
    public int[][] kept() {
        return copy(kept);
    }

    /**
     * Labels of the positions.
     *
     * @param labels of all positions // [N][T]
     * @return those kept // [N][T']
     */
    public int[][] labels(int[][] labels) {
        int[][] some = copy(kept);
        for (int n = 0; n < some.length; n++) {
            int[] row = labels[n];
            some[n] = Arrays.stream(kept[n]).map(t -> row[t]).toArray();
        }
        return some;
    }

    /**
     * What stands at the positions.
     *
     * @param all row-major over row and position // [N·T, V]
     * @return a new array // [N·T', V]
     */
    public INDArray rows(INDArray all) {
        return Nd4j.pullRows(all, 1, flat());
    }

    /** Row-major over row and position // [N·T']. */
    int[] flat() {
        return IntStream.range(0, kept.length)
                .flatMap(n -> Arrays.stream(kept[n]).map(t -> n * length + t))
                .toArray();
    }

    /** Two are equal if they keep the same positions. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ReadPositions that
                && length == that.length
                && Arrays.deepEquals(kept, that.kept);
    }

    @Override
    public int hashCode() {
        return 31 * length + Arrays.deepHashCode(kept);
    }
}
