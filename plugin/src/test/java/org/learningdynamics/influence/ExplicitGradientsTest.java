package org.learningdynamics.influence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Blocks of explicit gradients: that their sizes change nothing, and what they may take. */
class ExplicitGradientsTest {
    private static final int LEARNT = 3;
    private static final long MEBI = 1 << 20;

    /** Rectangles of several rows, of one and a part of a row, and of parts of many rows. */
    @ParameterizedTest
    @CsvSource({"600, 70, 90", "1, 40000, 70", "20, 3000, 70", "2000, 5, 70"})
    void productsAreTheSameInBlocksOfAnySize(long d, long p, int rows) {
        ParameterMatrix parameter = ParameterMatrix.of("matrix", "layer", d, p);
        FactoredGradient observed = gradient(parameter, rows, 4);
        try (GradientInteractions small = interactions(parameter, MEBI);
                GradientInteractions large = interactions(parameter, 256 * MEBI)) {
            RowGradients given = new RowGradients(rows, List.of(observed));
            InteractionSums expected = large.with(given);
            InteractionSums got = small.with(given);
            double[] norms = expected.observedNorms();
            assertArrayEquals(norms, got.observedNorms(), 1e-12 * norms[0]);
            double size = norms[0] * large.learntNorms()[0];
            for (int row = 0; row < rows; row++) {
                assertArrayEquals(expected.total()[row], got.total()[row], 1e-11 * size);
            }
            assertArrayEquals(expected.fromDecay(), got.fromDecay(), 1e-11 * norms[0] * d * p);
            assertArrayEquals(large.learntNorms(), small.learntNorms(), 1e-12 * size);
        }
    }

    @Test
    void memoryStaysBelowWhatIsGivenForAnyNumberOfBatches() {
        ParameterMatrix parameter = ParameterMatrix.of("matrix", "layer", 300, 2000);
        FactoredGradient observed = gradient(parameter, 50, 4);
        try (GradientInteractions interactions = interactions(parameter, MEBI)) {
            for (int batch = 0; batch < 3; batch++) {
                interactions.with(new RowGradients(50, List.of(observed)));
                long held = interactions.heldBytes();
                assertTrue(held > MEBI / 8 && held <= MEBI, "held " + held);
            }
        }
    }

    @Test
    void whatLearntRowsAreToEachOtherDoesNotDependOnWhenItIsAskedFor() {
        ParameterMatrix parameter = ParameterMatrix.of("matrix", "layer", 50, 60);
        RowGradients observed = new RowGradients(5, List.of(gradient(parameter, 5, 4)));
        try (GradientInteractions before = interactions(parameter, MEBI);
                GradientInteractions after = interactions(parameter, MEBI)) {
            double[][] gram = before.learntGram();
            double[] norms = before.learntNorms();
            double[][] total = before.with(observed).total();
            double size = norms[0] * norms[0];
            assertArrayEquals(total[4], after.with(observed).total()[4], 1e-14 * size);
            assertArrayEquals(total[4], before.with(observed).total()[4], 0);
            assertArrayEquals(norms, after.learntNorms(), 1e-14 * norms[0]);
            for (int i = 0; i < LEARNT; i++) {
                assertArrayEquals(gram[i], after.learntGram()[i], 1e-14 * size);
                assertTrue(gram[i][i] > 0);
            }
        }
    }

    @Test
    void rowsThatAreNotFiniteLeaveNothingForThoseAfterThem() {
        ParameterMatrix parameter = ParameterMatrix.of("matrix", "layer", 50, 60);
        RowGradients finite = new RowGradients(5, List.of(gradient(parameter, 5, 4)));
        INDArray broken = normal(5, 4, 60);
        broken.putScalar(new int[] {2, 1, 7}, Double.NaN);
        FactoredGradient gradient =
                new FactoredGradient(
                        parameter, List.of(new OuterProducts(normal(5, 4, 50), broken)));
        try (GradientInteractions interactions = interactions(parameter, MEBI)) {
            double[][] expected = interactions.with(finite).total();
            InteractionSums sums = interactions.with(new RowGradients(5, List.of(gradient)));
            assertTrue(Double.isNaN(sums.observedNorms()[2]));
            assertTrue(Double.isFinite(sums.observedNorms()[3]));
            assertArrayEquals(expected[2], interactions.with(finite).total()[2], 0);
        }
    }

    @Test
    void positionsWithoutGradientAtBothEndsAreLeftOut() {
        INDArray inputs = normal(2, 6, 3);
        INDArray deltas = normal(2, 6, 4);
        zero(deltas, 0, 0);
        zero(inputs, 1, 0); // one of the two is enough, in each row for itself
        zero(deltas, 0, 1);
        zero(deltas, 0, 5);
        zero(deltas, 1, 5);
        zero(deltas, 0, 3);
        zero(deltas, 1, 3);
        OuterProducts all = new OuterProducts(inputs, deltas);
        OuterProducts trimmed = all.trimmed();
        assertEquals(4, trimmed.positions()); // from 1 to 4
        FactoredGradient whole = gradient(all);
        assertEquals(whole.explicit(0, 4), gradient(trimmed).explicit(0, 4));
        OuterProducts full = new OuterProducts(normal(2, 6, 3), normal(2, 6, 4));
        assertSame(full, full.trimmed());
        OuterProducts nothing =
                new OuterProducts(normal(2, 6, 3), Nd4j.zeros(DataType.DOUBLE, 2, 6, 4));
        assertEquals(1, nothing.trimmed().positions());
    }

    private static FactoredGradient gradient(OuterProducts factor) {
        return new FactoredGradient(ParameterMatrix.of("w", "layer", 3, 4), List.of(factor));
    }

    private static void zero(INDArray array, int row, int position) {
        array.get(NDArrayIndex.point(row), NDArrayIndex.point(position), NDArrayIndex.all())
                .assign(0);
    }

    @Test
    void refusesTokensThatTheTableDoesNotHave() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new FactoredGradient(
                                        ParameterMatrix.of("table", "embedding", 7, 4),
                                        List.of(
                                                new TokenLookups(
                                                        new int[][] {{1, -1}, {6, 7}},
                                                        normal(2, 2, 4)))));
        assertEquals("ids must be < 7, got 7 in row 1", e.getMessage());
    }

    private GradientInteractions interactions(ParameterMatrix parameter, long bytes) {
        Random same = new Random(5);
        long[] shape = {parameter.rows(), parameter.columns()};
        ParameterUpdate update =
                new ParameterUpdate(
                        normal(same, shape),
                        normal(same, shape),
                        0.3,
                        Optional.of(normal(same, shape)),
                        Optional.empty(),
                        Optional.of(normal(same, shape)));
        RowGradients learnt =
                new RowGradients(LEARNT, List.of(gradient(same, parameter, LEARNT, 2)));
        return new GradientInteractions(
                learnt, 1, Map.of("matrix", update), InfluenceForm.UPDATE, bytes);
    }

    private static FactoredGradient gradient(ParameterMatrix parameter, int rows, int positions) {
        return gradient(new Random(9), parameter, rows, positions);
    }

    private static FactoredGradient gradient(
            Random random, ParameterMatrix parameter, int rows, int positions) {
        return new FactoredGradient(
                parameter,
                List.of(
                        new OuterProducts(
                                normal(random, rows, positions, parameter.rows()),
                                normal(random, rows, positions, parameter.columns()))));
    }

    private static INDArray normal(long... shape) {
        return normal(new Random(3), shape);
    }

    private static INDArray normal(Random random, long... shape) {
        long length = 1;
        for (long extent : shape) {
            length *= extent;
        }
        double[] values = new double[(int) length];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.create(values, shape, 'c');
    }
}
