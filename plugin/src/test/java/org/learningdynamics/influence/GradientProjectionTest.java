package org.learningdynamics.influence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.learningdynamics.influence.GradientProjection.Kind;
import org.nd4j.linalg.factory.Nd4j;

class GradientProjectionTest {
    private static final int ROWS = 3;
    private static final int SIZE = 12 * 10;
    private static final long PLENTY = 1L << 20;

    /** Normal numbers, float64 // [3, 12, 10]. */
    private static double[][] vectors() {
        Random random = new Random(11);
        double[][] rows = new double[ROWS][SIZE];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return rows;
    }

    private static RowGradients gradients(String name) {
        double[] flat = Arrays.stream(vectors()).flatMapToDouble(Arrays::stream).toArray();
        return new RowGradients(
                ROWS,
                List.of(
                        new FactoredGradient(
                                ParameterMatrix.of(name, "layer", 12, 10),
                                List.of(
                                        new WholeGradients(
                                                Nd4j.createFromArray(flat)
                                                        .reshape(ROWS, 12, 10))))));
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void keepsInnerProductsInTheMeanWithinItsStandardError(Kind kind) {
        double[][] exact = vectors();
        int seeds = 400;
        int dimension = 16;
        double sum = 0;
        double squares = 0;
        double truth = dot(exact[0], exact[1]);
        double norms = Math.sqrt(dot(exact[0], exact[0]) * dot(exact[1], exact[1]));
        try (RowGradients gradients = gradients("w")) {
            for (int seed = 0; seed < seeds; seed++) {
                double[][] rows =
                        new GradientProjection(kind, dimension, seed).project(gradients, PLENTY);
                double error = (dot(rows[0], rows[1]) - truth) / norms;
                sum += error;
                squares += error * error;
            }
        }
        double standardError = new GradientProjection(kind, dimension, 0).standardError();
        double deviation = Math.sqrt(squares / seeds);
        assertEquals(0, sum / seeds, 4 * standardError / Math.sqrt(seeds));
        assertTrue(deviation < 1.1 * standardError, deviation + " of " + standardError);
        assertTrue(deviation > 0.5 * standardError, deviation + " of " + standardError);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void keepsAllProductsWithinTheUniformBoundInNineteenOfTwentyDraws(Kind kind) {
        double[][] exact = vectors();
        int broken = 0;
        try (RowGradients gradients = gradients("w")) {
            for (int seed = 0; seed < 100; seed++) {
                GradientProjection projection = new GradientProjection(kind, 64, seed);
                double[][] rows = projection.project(gradients, PLENTY);
                double worst = 0;
                for (int i = 0; i < ROWS; i++) {
                    for (int j = 0; j < ROWS; j++) {
                        double norms = Math.sqrt(dot(exact[i], exact[i]) * dot(exact[j], exact[j]));
                        double error = dot(rows[i], rows[j]) - dot(exact[i], exact[j]);
                        worst = Math.max(worst, Math.abs(error) / norms);
                    }
                }
                broken += worst > projection.uniformBound(ROWS * ROWS) ? 1 : 0;
            }
        }
        assertTrue(broken <= 5, "broken in " + broken + " of 100");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void doesNotDependOnBlocks(Kind kind) {
        GradientProjection projection = new GradientProjection(kind, 8, 3);
        try (RowGradients gradients = gradients("w")) {
            double[][] whole = projection.project(gradients, PLENTY);
            double[][] columnByColumn = projection.project(gradients, 1);
            for (int row = 0; row < ROWS; row++) {
                assertArrayEquals(whole[row], columnByColumn[row], 1e-12);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sameSeedAndNameGiveTheSameNumbersAndOthersDoNot(Kind kind) {
        GradientProjection projection = new GradientProjection(kind, 8, 3);
        try (RowGradients gradients = gradients("w");
                RowGradients other = gradients("v")) {
            double[][] once = projection.project(gradients, PLENTY);
            assertArrayEquals(once[1], projection.project(gradients, PLENTY)[1]);
            double[] elsewhere = projection.project(other, PLENTY)[1];
            double[] reseeded = new GradientProjection(kind, 8, 4).project(gradients, PLENTY)[1];
            assertTrue(!Arrays.equals(once[1], elsewhere) && !Arrays.equals(once[1], reseeded));
        }
    }

    @Test
    void signsStandInEveryQuarter() {
        double[] flat = new double[SIZE];
        flat[37] = 1;
        RowGradients one =
                new RowGradients(
                        1,
                        List.of(
                                new FactoredGradient(
                                        ParameterMatrix.of("w", "l", 12, 10),
                                        List.of(
                                                new WholeGradients(
                                                        Nd4j.createFromArray(flat)
                                                                .reshape(1, 12, 10))))));
        double[] row = new GradientProjection(Kind.SPARSE_SIGNS, 40, 5).project(one, PLENTY)[0];
        one.close();
        for (int quarter = 0; quarter < 4; quarter++) {
            double[] part = Arrays.copyOfRange(row, 10 * quarter, 10 * quarter + 10);
            assertEquals(1, Arrays.stream(part).filter(value -> value != 0).count());
            assertEquals(0.5, Arrays.stream(part).map(Math::abs).sum());
        }
    }

    @Test
    void boundsAreWhatTheirFormulasSay() {
        GradientProjection projection = new GradientProjection(Kind.GAUSSIAN, 200, 0);
        assertEquals(0.1, projection.standardError(), 1e-15);
        double t = Math.log(80 * 7.0);
        assertEquals(2 * Math.sqrt(t / 200) + 2 * t / 200, projection.uniformBound(7), 1e-12);
        assertEquals("gaussian", Kind.GAUSSIAN.recordedName());
    }

    @Test
    void refusesWhatCannotBe() {
        assertEquals(
                "dimension must be a multiple of 4 and >= 4, got 6",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new GradientProjection(Kind.GAUSSIAN, 6, 0))
                        .getMessage());
        assertEquals(
                "products must be >= 1, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new GradientProjection(Kind.GAUSSIAN, 8, 0).uniformBound(0))
                        .getMessage());
    }
}
