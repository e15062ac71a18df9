package org.learningdynamics.samples.pictures;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table of numbers as coloured cells with their values: white at 0, blue for positive and red for
 * negative numbers, full colour at the largest magnitude off the diagonal, so that a strong
 * diagonal does not hide the rest.
 *
 * @param caption what it shows
 * @param rows what the rows stand for
 * @param columns what the columns stand for
 * @param names names of both, in order // [V]
 * @param values one row a row; NaN is left empty // [V][V]
 */
public record HeatMap(
        String caption, String rows, String columns, List<String> names, double[][] values)
        implements Picture {
    private static final int CELL = 40;
    private static final int LEFT = 62;
    private static final int TOP = 42;

    /**
     * Checks the shape and copies.
     *
     * @param caption what it shows
     * @param rows what the rows stand for
     * @param columns what the columns stand for
     * @param names names of both
     * @param values one row a row
     * @throws IllegalArgumentException if the table is not square with one row a name
     */
    public HeatMap {
        names = List.copyOf(names);
        values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : values) {
            if (values.length != names.size() || row.length != names.size()) {
                throw new IllegalArgumentException(
                        "values must be square with one row a name ("
                                + names.size()
                                + "), got "
                                + values.length
                                + " rows of "
                                + row.length);
            }
        }
    }

    @Override
    public String svg() {
        int side = CELL * names.size();
        StringBuilder svg = new StringBuilder();
        svg.append(
                Markup.format(
                        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">\n",
                        LEFT + side + 2, TOP + side + 2, LEFT + side + 2));
        svg.append(Markup.text(LEFT + side / 2.0, 14, "middle", columns));
        svg.append("<g transform=\"rotate(-90)\">")
                .append(Markup.text(-TOP - side / 2.0, 14, "middle", rows))
                .append("</g>\n");
        double full = fullColour();
        for (int i = 0; i < names.size(); i++) {
            double middle = (i + .5) * CELL;
            svg.append(Markup.text(LEFT - 6, TOP + middle + 4, "end", names.get(i)));
            svg.append(Markup.text(LEFT + middle, TOP - 6, "middle", names.get(i)));
            for (int j = 0; j < names.size(); j++) {
                cell(svg, i, j, full);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private double fullColour() {
        double full = 0;
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values.length; j++) {
                double size = Math.abs(values[i][j]);
                full = i == j || Double.isNaN(size) ? full : Math.max(full, size);
            }
        }
        return full > 0 ? full : 1;
    }

    private void cell(StringBuilder svg, int i, int j, double full) {
        double value = values[i][j];
        if (Double.isNaN(value)) {
            return;
        }
        double share = Math.min(1, Math.abs(value) / full);
        int pale = (int) Math.round(255 - 175 * share);
        String colour =
                value < 0
                        ? Markup.format("rgb(255,%d,%d)", pale, pale)
                        : Markup.format("rgb(%d,%d,255)", pale, (pale + 255) / 2);
        int x = LEFT + j * CELL;
        int y = TOP + i * CELL;
        svg.append(
                Markup.format(
                        "<g><title>%s to %s: %s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
                        Markup.escape(names.get(i)),
                        Markup.escape(names.get(j)),
                        Markup.number(value),
                        x,
                        y,
                        CELL - 1,
                        CELL - 1,
                        colour));
        svg.append(Markup.text(x + CELL / 2.0, y + CELL / 2.0 + 4, "middle", label(value)))
                .append("</g>\n");
    }

    private static String label(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.1f", value);
    }
}
