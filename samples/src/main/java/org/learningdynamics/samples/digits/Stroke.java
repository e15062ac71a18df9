package org.learningdynamics.samples.digits;

import java.util.ArrayList;
import java.util.List;

/**
 * One movement of the pen.
 *
 * @param smooth whether the line is a curve through the points, or straight between them
 * @param points in a box of size 1, y downwards // [n][2], n at least 2
 */
record Stroke(boolean smooth, List<double[]> points) {
    private static final int PIECES = 6;

    /**
     * Reads {@code ~ x,y x,y …} or {@code - x,y x,y …}.
     *
     * @throws IllegalArgumentException if the text is something else
     */
    static Stroke parse(String text) {
        String[] words = text.trim().split(" ", -1);
        if (words.length < 3 || !(words[0].equals("~") || words[0].equals("-"))) {
            throw new IllegalArgumentException(
                    "stroke must be ~ or - and at least two points, got \"" + text + "\"");
        }
        List<double[]> points = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            int comma = words[i].indexOf(',');
            double x = Double.parseDouble(words[i].substring(0, comma));
            double y = Double.parseDouble(words[i].substring(comma + 1));
            points.add(new double[] {x, y});
        }
        return new Stroke(words[0].equals("~"), List.copyOf(points));
    }

    /** The line as short straight pieces: a Catmull-Rom curve if smooth. */
    List<double[]> line() {
        if (!smooth) {
            return points;
        }
        List<double[]> line = new ArrayList<>();
        for (int i = 0; i + 1 < points.size(); i++) {
            for (int piece = 0; piece < PIECES; piece++) {
                line.add(curve(i, (double) piece / PIECES));
            }
        }
        line.add(points.get(points.size() - 1));
        return line;
    }

    private double[] curve(int i, double t) {
        double[] before = points.get(Math.max(0, i - 1));
        double[] from = points.get(i);
        double[] to = points.get(i + 1);
        double[] after = points.get(Math.min(points.size() - 1, i + 2));
        double[] at = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            double leave = (to[axis] - before[axis]) / 2;
            double arrive = (after[axis] - from[axis]) / 2;
            double step = to[axis] - from[axis];
            double cubic = leave + arrive - 2 * step;
            double square = 3 * step - 2 * leave - arrive;
            at[axis] = from[axis] + t * (leave + t * (square + t * cubic));
        }
        return at;
    }
}
