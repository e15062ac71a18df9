package org.learningdynamics.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What was measured of one op under one condition: its gradient in SameDiff 1.0.0-M2.1 against
 * central differences of fourth order in float64, with a random weight on every output value. The
 * measurements stand in a resource beside this class, which the program {@code GradientSurvey} of
 * the integration tests writes.
 *
 * @param op name of the op, as {@code DifferentialFunction.opName()} gives it
 * @param condition when the verdict applies
 * @param verdict worst verdict of the configurations tried
 * @param worstError worst relative error: largest difference by largest value of the true gradient
 *     of an input; NaN where no gradient came
 * @param configurations number of configurations tried
 * @param example call and shapes that gave the verdict
 * @param remedy what to do instead; empty if the gradient is exact
 */
public record SurveyedGradient(
        String op,
        GraphCondition condition,
        GradientVerdict verdict,
        double worstError,
        int configurations,
        String example,
        String remedy) {
    private static final String RESOURCE = "gradient-survey.tsv";
    private static final int COLUMNS = 7;

    /** First line of the resource. */
    public static final String HEAD =
            "op\tcondition\tverdict\tworst relative error\tconfigurations\texample\tremedy";

    /**
     * Checks that there is a name and a number of configurations.
     *
     * @param op kind of op, not blank
     * @param condition when the verdict applies
     * @param verdict worst verdict
     * @param worstError worst relative error, or NaN
     * @param configurations at least 1
     * @param example call and shapes
     * @param remedy what to do instead, or nothing
     * @throws IllegalArgumentException if the op has no name or nothing was tried
     */
    public SurveyedGradient {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(verdict, "verdict");
        if (op.isBlank()) {
            throw new IllegalArgumentException("op must have a name, got \"" + op + "\"");
        }
        if (configurations < 1) {
            throw new IllegalArgumentException(
                    "configurations must be >= 1, got " + configurations);
        }
    }

    /**
     * Reads the survey that is shipped with the library.
     *
     * @return every row, in the order of the resource
     */
    public static List<SurveyedGradient> all() {
        InputStream resource = SurveyedGradient.class.getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException("the library's jar lacks " + RESOURCE);
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(SurveyedGradient::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SurveyedGradient parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != COLUMNS) {
            throw new IllegalStateException(
                    RESOURCE + ": a line must have " + COLUMNS + " columns, got " + parts.length);
        }
        return new SurveyedGradient(
                parts[0],
                GraphCondition.valueOf(parts[1]),
                GradientVerdict.valueOf(parts[2]),
                Double.parseDouble(parts[3]),
                Integer.parseInt(parts[4]),
                parts[5],
                parts[6]);
    }

    /**
     * The row as it stands in the resource.
     *
     * @return columns in the order of {@link #HEAD}, separated by tabs
     */
    public String line() {
        return String.join(
                "\t",
                op,
                condition.name(),
                verdict.name(),
                String.format(Locale.ROOT, "%.1e", worstError),
                Integer.toString(configurations),
                example,
                remedy);
    }
}
