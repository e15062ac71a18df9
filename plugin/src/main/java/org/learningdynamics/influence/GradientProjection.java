package org.learningdynamics.influence;

import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A random projection of gradients from P values to k, which keeps inner products in the mean:
 * {@code E⟨R·x, R·y⟩ = ⟨x, y⟩}.
 *
 * <p>With entries of the {@code [k, P]} matrix R drawn once and for all by seed, name of the
 * parameter and place in it:
 *
 * <ul>
 *   <li>{@link Kind#GAUSSIAN}: each {@code N(0, 1/k)}
 *   <li>{@link Kind#SPARSE_SIGNS}: each column holds four values of ±1/2, one in each quarter of
 *       the k rows, the others are 0
 * </ul>
 *
 * <p>For both the standard error of one product is at most {@code sqrt(2/k)·‖x‖·‖y‖}. R is never
 * held: its entries come from a counter-based generator (SplitMix64) when they are needed, the same
 * on every machine and whatever the blocks. Sums are in float64. A NaN in a gradient makes results
 * NaN. Cost a call, for N rows: {@code N·P·k} multiplications and {@code P·k} normal numbers, about
 * 60 ns each, for GAUSSIAN; {@code 4·N·P} additions for SPARSE_SIGNS.
 *
 * <p>Sources: Johnson and Lindenstrauss 1984; Kane and Nelson, Sparser Johnson-Lindenstrauss
 * Transforms, J. ACM 2014, block construction; Laurent and Massart, Annals of Statistics 2000,
 * lemma 1.
 *
 * @param kind how entries are drawn
 * @param dimension k, a multiple of 4
 * @param seed decides every entry
 */
public record GradientProjection(Kind kind, int dimension, long seed) {
    private static final int SIGNS = 4;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double FAILURE = 0.05;

    /** How entries are drawn. */
    public enum Kind {
        /** Normal numbers. */
        GAUSSIAN,
        /** Four signs a column. */
        SPARSE_SIGNS;

        /**
         * The name in recordings.
         *
         * @return lower case, words joined by hyphens
         */
        public String recordedName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Checks.
     *
     * @param kind how entries are drawn
     * @param dimension k, at least 4 and a multiple of 4
     * @param seed decides every entry
     * @throws IllegalArgumentException if the dimension is none of these
     */
    public GradientProjection {
        if (dimension < SIGNS || dimension % SIGNS != 0) {
            throw new IllegalArgumentException(
                    "dimension must be a multiple of 4 and >= 4, got " + dimension);
        }
    }

    /**
     * Largest standard error of one inner product, relative to the product of both norms.
     *
     * @return {@code sqrt(2/k)}
     */
    public double standardError() {
        return Math.sqrt(2.0 / dimension);
    }

    /**
     * A bound that all of several inner products keep together with 95 % probability, relative to
     * the products of norms: {@code 2·sqrt(t/k) + 2·t/k} with {@code t = ln(4·products/0.05)}.
     * Proved for GAUSSIAN; SPARSE_SIGNS keeps it where no few values make up a gradient.
     *
     * @param products how many, at least 1
     * @return the bound
     * @throws IllegalArgumentException if there are none
     */
    public double uniformBound(long products) {
        if (products < 1) {
            throw new IllegalArgumentException("products must be >= 1, got " + products);
        }
        double t = Math.log(4.0 * products / FAILURE) / dimension;
        return 2 * Math.sqrt(t) + 2 * t;
    }

    /**
     * Projects the gradients of all rows.
     *
     * @param gradients read, not closed
     * @param memoryBytes for explicit gradients, which are made for blocks of columns
     * @return the projections // [N][k]
     */
    public double[][] project(RowGradients gradients, long memoryBytes) {
        double[][] projected = new double[gradients.rows()][dimension];
        for (FactoredGradient gradient : gradients.parameters()) {
            add(gradient, memoryBytes, projected);
        }
        return projected;
    }

    private void add(FactoredGradient gradient, long memoryBytes, double[][] projected) {
        ParameterMatrix parameter = gradient.parameter();
        // The array of the host's type and its copy in float64.
        long perColumn = 3L * Double.BYTES * gradient.rows() * parameter.rows();
        long columns = Math.max(1, Math.min(parameter.columns(), memoryBytes / perColumn));
        for (long from = 0; from < parameter.columns(); from += columns) {
            long to = Math.min(parameter.columns(), from + columns);
            try (INDArray some = gradient.explicit(from, to)) {
                add(parameter, from, to, RowSums.doubles(some), projected);
            }
        }
    }

    /** Values of some columns // [N, d, to − from]. */
    private void add(
            ParameterMatrix parameter, long from, long to, double[] values, double[][] projected) {
        int size = values.length / projected.length;
        int width = (int) (to - from);
        long stream = mix(seed ^ mix(hash(parameter.name())));
        double[] column = new double[dimension];
        for (int i = 0; i < size; i++) {
            long place = (i / width) * parameter.columns() + from + i % width;
            if (kind == Kind.GAUSSIAN) {
                addNormal(stream, place, values, i, column, projected);
            } else {
                addSigns(stream, place, values, i, projected);
            }
        }
    }

    private void addSigns(
            long stream, long place, double[] values, int index, double[][] projected) {
        int quarter = dimension / SIGNS;
        int size = values.length / projected.length;
        for (int s = 0; s < SIGNS; s++) {
            long bits = mix(stream + (SIGNS * place + s) * GOLDEN);
            int target = s * quarter + (int) Math.multiplyHigh(bits >>> 1, 2L * quarter);
            double sign = (bits & 1) == 0 ? 0.5 : -0.5;
            for (int n = 0; n < projected.length; n++) {
                projected[n][target] += sign * values[n * size + index];
            }
        }
    }

    private void addNormal(
            long stream,
            long place,
            double[] values,
            int index,
            double[] column,
            double[][] projected) {
        fillNormal(stream, place, column);
        int size = values.length / projected.length;
        for (int n = 0; n < projected.length; n++) {
            double value = values[n * size + index];
            double[] target = projected[n];
            for (int j = 0; j < target.length; j++) {
                target[j] += value * column[j];
            }
        }
    }

    /** Pairs by the transform of Box and Muller; strict functions give the same everywhere. */
    private void fillNormal(long stream, long place, double[] column) {
        int pairs = dimension / 2;
        for (int j = 0; j < pairs; j++) {
            long bits = mix(stream + (pairs * place + j) * GOLDEN);
            double first = ((bits >>> 32) + 0.5) * 0x1p-32;
            double second = (bits & 0xFFFFFFFFL) * 0x1p-32;
            double radius = StrictMath.sqrt(-2 * StrictMath.log(first) / dimension);
            column[2 * j] = radius * StrictMath.cos(2 * Math.PI * second);
            column[2 * j + 1] = radius * StrictMath.sin(2 * Math.PI * second);
        }
    }

    /** FNV-1a over the characters. */
    private static long hash(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return hash;
    }

    /** The output function of SplitMix64. */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
