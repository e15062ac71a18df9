package org.learningdynamics.series;

/**
 * A least-squares line {@code y = intercept + slope·x}.
 *
 * @param slope change of y a unit of x
 * @param intercept y at x = 0
 * @param rSquared share of y's variance that the line explains; 1 for constant y
 * @param count number of points behind it
 */
public record LinearFit(double slope, double intercept, double rSquared, int count) {
    /**
     * Fits a line; points with a NaN or infinite coordinate are left out.
     *
     * @param x abscissae // [n]
     * @param y ordinates // [n]
     * @return the line, with NaN coefficients if fewer than two different abscissae are left
     * @throws IllegalArgumentException if the lengths differ
     */
    public static LinearFit of(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "x and y must have the same length, got " + x.length + " and " + y.length);
        }
        double meanX = 0;
        double meanY = 0;
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            if (isPoint(x[i], y[i])) {
                count++;
                meanX += (x[i] - meanX) / count;
                meanY += (y[i] - meanY) / count;
            }
        }
        return around(meanX, meanY, count, x, y);
    }

    private static LinearFit around(double meanX, double meanY, int count, double[] x, double[] y) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            if (isPoint(x[i], y[i])) {
                xx += (x[i] - meanX) * (x[i] - meanX);
                xy += (x[i] - meanX) * (y[i] - meanY);
                yy += (y[i] - meanY) * (y[i] - meanY);
            }
        }
        if (!(xx > 0)) {
            return new LinearFit(Double.NaN, Double.NaN, Double.NaN, count);
        }
        double slope = xy / xx;
        return new LinearFit(slope, meanY - slope * meanX, yy > 0 ? xy * xy / xx / yy : 1, count);
    }

    private static boolean isPoint(double x, double y) {
        return Double.isFinite(x) && Double.isFinite(y);
    }

    /**
     * The line's value.
     *
     * @param x an abscissa
     * @return {@code intercept + slope·x}
     */
    public double at(double x) {
        return intercept + slope * x;
    }
}
