package org.learningdynamics.influence;

import java.util.Arrays;

/**
 * The mean of values that come from all pairs of two sets of random draws, with its standard error.
 *
 * <pre>{@code
 * mean = mean_{i,j} x_ij
 * se²  = var_i(mean_j x_ij)/n + var_j(mean_i x_ij)/m
 * }</pre>
 *
 * <p>Values of a row share the row's draw and those of a column the column's, so that the n·m
 * values are not independent; the variances of row and column means say how far each set of draws
 * moves the mean. Sums in float64; a NaN makes both NaN.
 *
 * @param mean of all values
 * @param standardError of the mean; of the only set of draws if the other has one
 */
public record CrossedDraws(double mean, double standardError) {
    /**
     * Averages.
     *
     * @param values one row a draw of the first set, one column a draw of the second, at least two
     *     of one of them // [n][m]
     * @return mean and standard error
     * @throws IllegalArgumentException if there are fewer values
     */
    public static CrossedDraws of(double[][] values) {
        int rows = values.length;
        int columns = rows == 0 ? 0 : values[0].length;
        if (rows * columns < 2) {
            throw new IllegalArgumentException("values must be at least 2, got " + rows * columns);
        }
        double[] byRow = Arrays.stream(values).mapToDouble(CrossedDraws::mean).toArray();
        double[] byColumn = new double[columns];
        for (double[] row : values) {
            for (int j = 0; j < columns; j++) {
                byColumn[j] += row[j] / rows;
            }
        }
        double variance = varianceOfMean(byRow) + varianceOfMean(byColumn);
        return new CrossedDraws(mean(byRow), Math.sqrt(variance));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double varianceOfMean(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return squares / (values.length - 1) / values.length;
    }

    /**
     * The square root of the mean, its error to first order.
     *
     * @return root and standard error; NaN if the mean is negative
     */
    public CrossedDraws root() {
        double root = Math.sqrt(mean);
        return new CrossedDraws(root, standardError / (2 * root));
    }

    /**
     * Both divided by a number.
     *
     * @param number above 0
     * @return mean and error over it
     */
    public CrossedDraws dividedBy(double number) {
        return new CrossedDraws(mean / number, standardError / number);
    }
}
