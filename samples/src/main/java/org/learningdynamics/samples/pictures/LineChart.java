package org.learningdynamics.samples.pictures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Lines over one axis, the ordinate linear or logarithmic, with vertical marks.
 *
 * @param caption what it shows
 * @param abscissa what x is
 * @param scale of the ordinate; on a logarithmic one values that are not positive leave a gap
 * @param lines what is drawn, at least one
 * @param marks places worth naming
 */
public record LineChart(
        String caption, String abscissa, Scale scale, List<Line> lines, List<Mark> marks)
        implements Picture {
    /** Of the ordinate. */
    public enum Scale {
        /** Equal differences, equal heights. */
        LINEAR,
        /** Equal ratios, equal heights. */
        LOGARITHMIC
    }

    /**
     * One line.
     *
     * @param name its name
     * @param x abscissae, ascending // [n]
     * @param y ordinates; not finite leaves a gap // [n]
     */
    public record Line(String name, double[] x, double[] y) {
        /**
         * Copies the coordinates.
         *
         * @param name its name
         * @param x abscissae
         * @param y ordinates
         * @throws IllegalArgumentException if the lengths differ
         */
        public Line {
            if (x.length != y.length) {
                throw new IllegalArgumentException(
                        "x and y must have the same length, got " + x.length + " and " + y.length);
            }
            x = x.clone();
            y = y.clone();
        }
    }

    /**
     * A vertical mark.
     *
     * @param x where
     * @param name its name
     */
    public record Mark(double x, String name) {}

    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int LEFT = 64;
    private static final int RIGHT = 12;
    private static final int TOP = 30;
    private static final int BOTTOM = 34;
    private static final int TICKS = 6;
    private static final List<String> COLOURS =
            List.of("#2563eb", "#dc2626", "#059669", "#9333ea", "#d97706", "#0891b2");

    /**
     * Copies the lists.
     *
     * @param caption what it shows
     * @param abscissa what x is
     * @param scale of the ordinate
     * @param lines what is drawn
     * @param marks places worth naming
     * @throws IllegalArgumentException if there is nothing to draw
     */
    public LineChart {
        lines = List.copyOf(lines);
        marks = List.copyOf(marks);
        if (lines.stream().mapToInt(line -> line.x().length).sum() == 0) {
            throw new IllegalArgumentException("lines must hold at least one point, got 0");
        }
    }

    @Override
    public String svg() {
        Axis x = Axis.of(lines.stream().flatMapToDouble(l -> Arrays.stream(l.x())).toArray());
        Axis y =
                Axis.of(
                        lines.stream()
                                .flatMapToDouble(l -> Arrays.stream(l.y()))
                                .map(this::scaled)
                                .toArray());
        StringBuilder svg =
                new StringBuilder(
                        Markup.format(
                                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">\n",
                                WIDTH, HEIGHT, WIDTH));
        grid(svg, x, y);
        marks.forEach(mark -> mark(svg, x, mark));
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), x, y, i);
        }
        return svg.append("</svg>\n").toString();
    }

    private double scaled(double value) {
        return scale == Scale.LINEAR ? value : value > 0 ? Math.log10(value) : Double.NaN;
    }

    private void grid(StringBuilder svg, Axis x, Axis y) {
        for (double value : y.ticks()) {
            double height = down(y.share(value));
            String shown =
                    scale == Scale.LINEAR
                            ? Markup.number(value)
                            : String.format(Locale.ROOT, "%.0e", Math.pow(10, value));
            svg.append(
                    Markup.format(
                            "<path d=\"M%d %sH%d\" stroke=\"#d8dde5\" fill=\"none\"/>\n",
                            LEFT, Markup.at(height), WIDTH - RIGHT));
            svg.append(Markup.text(LEFT - 6, height + 4, "end", shown));
        }
        for (double value : x.ticks()) {
            double right = right(x.share(value));
            svg.append(Markup.text(right, HEIGHT - BOTTOM + 15, "middle", Markup.number(value)));
        }
        svg.append(Markup.text(right(.5), HEIGHT - 4, "middle", abscissa));
    }

    private static void mark(StringBuilder svg, Axis x, Mark mark) {
        double at = right(x.share(mark.x()));
        svg.append(
                Markup.format(
                        "<path d=\"M%s %dV%d\" stroke=\"#7b8794\" stroke-dasharray=\"3 3\" fill=\"none\"/>\n",
                        Markup.at(at), TOP, HEIGHT - BOTTOM));
        svg.append(Markup.text(at + 3, TOP + 10, "start", mark.name()));
    }

    private void draw(StringBuilder svg, Line line, Axis x, Axis y, int index) {
        String colour = COLOURS.get(index % COLOURS.size());
        List<String> path = new ArrayList<>();
        boolean down = false;
        for (int i = 0; i < line.x().length; i++) {
            double value = scaled(line.y()[i]);
            if (Double.isFinite(value)) {
                String right = Markup.at(right(x.share(line.x()[i])));
                path.add((down ? "L" : "M") + right + " " + Markup.at(down(y.share(value))));
            }
            down = Double.isFinite(value);
        }
        svg.append(
                Markup.format(
                        "<path d=\"%s\" stroke=\"%s\" stroke-width=\"1.5\" fill=\"none\"/>\n",
                        String.join("", path), colour));
        double place = LEFT + index * (WIDTH - LEFT) / (double) lines.size();
        svg.append(
                Markup.format(
                        "<path d=\"M%s 12h14\" stroke=\"%s\" stroke-width=\"3\"/>\n",
                        Markup.at(place), colour));
        svg.append(Markup.text(place + 19, 16, "start", line.name()));
    }

    private static double right(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double down(double share) {
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
    }

    /** The range that is drawn. */
    private record Axis(double low, double high) {
        static Axis of(double[] values) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            if (low > high) {
                return new Axis(0, 1);
            }
            if (low > 0 && low < high / 2) {
                return new Axis(0, high);
            }
            return low == high ? new Axis(low - .5, high + .5) : new Axis(low, high);
        }

        /** Round values within the range, 3 to 7 of them: multiples of 1, 2 or 5 times 10^k. */
        List<Double> ticks() {
            double least = (high - low) / TICKS;
            double power = Math.pow(10, Math.floor(Math.log10(least)));
            double step = power;
            for (double factor : new double[] {2, 5, 10}) {
                step = step < least ? factor * power : step;
            }
            List<Double> ticks = new ArrayList<>();
            for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
                ticks.add(i * step);
            }
            return ticks;
        }

        double share(double value) {
            return (value - low) / (high - low);
        }
    }
}
