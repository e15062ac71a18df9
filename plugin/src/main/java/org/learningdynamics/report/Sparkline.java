package org.learningdynamics.report;

import java.util.Arrays;
import java.util.List;

/** A curve in one line of a terminal, from the lowest to the highest of eight blocks. */
final class Sparkline {
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * Draws values that are evenly spaced, thinned if there are more than columns, with the first
     * and the last always among them.
     *
     * @param values the curve; what is not finite is a gap
     * @param columns most columns
     * @return one character a value
     */
    static String of(double[] values, int columns) {
        if (columns < 2) {
            return "";
        }
        double[] drawn = Sampling.at(values, Sampling.even(values.length, columns, List.of()));
        double low = Arrays.stream(drawn).filter(Double::isFinite).min().orElse(0);
        double high = Arrays.stream(drawn).filter(Double::isFinite).max().orElse(0);
        StringBuilder line = new StringBuilder();
        for (double value : drawn) {
            line.append(Double.isFinite(value) ? block(value, low, high) : ' ');
        }
        return line.toString();
    }

    private static char block(double value, double low, double high) {
        int top = BLOCKS.length() - 1;
        double part = high > low ? (value - low) / (high - low) : 0;
        return BLOCKS.charAt((int) Math.round(part * top));
    }
}
