package org.learningdynamics.influence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** Every product against explicit gradients, one pair at a time, in plain loops. */
class GradientInteractionsTest {
    private static final int OBSERVED = 5;
    private static final int LEARNT = 3;
    private static final long SMALLEST = 1 << 20;
    private final Random random = new Random(7);

    /** A long matrix, a tied table of tokens, a bias, and one that prefers Gram matrices. */
    private static final List<ParameterMatrix> PARAMETERS =
            List.of(
                    ParameterMatrix.of("table", "embedding", 11, 6),
                    ParameterMatrix.of("wide", "block", 40, 900),
                    ParameterMatrix.of("steep", "block", 30, 50),
                    ParameterMatrix.vector("bias", "head", 1, 9));

    @ParameterizedTest
    @CsvSource({
        "UPDATE, true, DOUBLE, 1e-12",
        "UPDATE, false, DOUBLE, 1e-12",
        "DOT, true, DOUBLE, 1e-12",
        "COSINE, false, DOUBLE, 1e-12",
        "UPDATE, true, FLOAT, 2e-6",
        "UPDATE, false, FLOAT, 2e-6"
    })
    void everyProductEqualsItsNaiveFormula(
            InfluenceForm form, boolean preconditioned, DataType type, double tolerance) {
        RowGradients learnt = gradients(LEARNT, 2, type);
        RowGradients observed = gradients(OBSERVED, 4, type);
        Map<String, ParameterUpdate> updates = updates(preconditioned, type);
        Naive naive = new Naive(observed, learnt, updates, form);
        try (GradientInteractions interactions =
                new GradientInteractions(learnt, 0.5, updates, form, SMALLEST)) {
            InteractionSums sums = interactions.with(observed);
            assertEquals(List.of("embedding", "block", "head"), sums.layers());
            double[][] total = sums.total();
            double[] predicted = sums.totalPredicted();
            for (int o = 0; o < OBSERVED; o++) {
                assertEquals(naive.norm[o], sums.observedNorms()[o], tolerance * naive.norm[o]);
                for (int i = 0; i < LEARNT; i++) {
                    assertEquals(naive.pair(o, i), total[o][i], tolerance * naive.scale(o, i));
                }
                double size = tolerance * naive.norm[o] * naive.stepNorm;
                assertEquals(naive.step[o], predicted[o], size);
                assertEquals(naive.batch[o], sums.fromBatch()[o], size);
                assertEquals(naive.history[o], sums.fromHistory()[o], size);
                assertEquals(naive.decay[o], sums.fromDecay()[o], size);
            }
            for (int i = 0; i < LEARNT; i++) {
                assertEquals(
                        naive.learntNorm[i],
                        interactions.learntNorms()[i],
                        tolerance * naive.learntNorm[i]);
            }
        }
    }

    @Test
    void influencesOverTheBatchSumToItsPart() {
        DataType type = DataType.DOUBLE;
        RowGradients learnt = gradients(LEARNT, 2, type);
        RowGradients observed = gradients(OBSERVED, 4, type);
        Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
        for (FactoredGradient gradient : learnt.parameters()) {
            INDArray all = gradient.explicit(0, gradient.parameter().columns());
            INDArray mean = all.sum(0).div(LEARNT).reshape(hostShape(gradient.parameter()));
            INDArray d = positive(mean.shape(), type);
            updates.put(
                    gradient.parameter().name(),
                    new ParameterUpdate(
                            mean.mul(d).mul(-0.1),
                            mean,
                            0.1,
                            Optional.of(d),
                            Optional.empty(),
                            Optional.empty()));
        }
        try (GradientInteractions interactions =
                new GradientInteractions(
                        learnt, 1.0 / LEARNT, updates, InfluenceForm.UPDATE, SMALLEST)) {
            InteractionSums sums = interactions.with(observed);
            double[][] pairs = sums.total();
            for (int o = 0; o < OBSERVED; o++) {
                double sum = 0;
                for (double value : pairs[o]) {
                    sum += value;
                }
                assertEquals(sums.fromBatch()[o], sum, 1e-11);
                assertEquals(sums.totalPredicted()[o], sum, 1e-11);
            }
        }
    }

    @Test
    void learntSideMeetsSeveralBatchesOfObservedRows() {
        RowGradients learnt = gradients(LEARNT, 2, DataType.DOUBLE);
        RowGradients observed = gradients(OBSERVED, 4, DataType.DOUBLE);
        try (GradientInteractions interactions =
                new GradientInteractions(
                        learnt,
                        1,
                        updates(true, DataType.DOUBLE),
                        InfluenceForm.UPDATE,
                        SMALLEST)) {
            double[][] first = interactions.with(observed).total();
            double[][] again = interactions.with(observed).total();
            for (int o = 0; o < OBSERVED; o++) {
                assertArrayEquals(first[o], again[o], 0);
            }
        }
    }

    @Test
    void aRowIsTheSameAmongManyAndAlone() {
        RowGradients learnt = gradients(LEARNT, 2, DataType.DOUBLE);
        RowGradients many = gradients(40, 4, DataType.DOUBLE);
        Map<String, ParameterUpdate> updates = updates(true, DataType.DOUBLE);
        try (GradientInteractions interactions =
                new GradientInteractions(learnt, 1, updates, InfluenceForm.UPDATE, SMALLEST)) {
            InteractionSums all = interactions.with(many);
            for (int row = 0; row < 40; row++) {
                int from = row;
                List<FactoredGradient> parts =
                        many.parameters().stream().map(g -> row(g, from)).toList();
                InteractionSums alone = interactions.with(new RowGradients(1, parts));
                double norm = alone.observedNorms()[0];
                assertEquals(norm, all.observedNorms()[row], 1e-12 * norm);
                assertArrayEquals(alone.total()[0], all.total()[row], 1e-12 * norm * norm);
            }
        }
    }

    private static FactoredGradient row(FactoredGradient gradient, int row) {
        return new FactoredGradient(
                gradient.parameter(),
                gradient.factors().stream().map(factor -> row(factor, row)).toList());
    }

    private static GradientFactor row(GradientFactor factor, int row) {
        if (factor instanceof OuterProducts outer) {
            return new OuterProducts(row(outer.inputs(), row), row(outer.deltas(), row));
        }
        if (factor instanceof TokenLookups lookups) {
            return new TokenLookups(new int[][] {lookups.ids()[row]}, row(lookups.deltas(), row));
        }
        return new WholeGradients(row(((WholeGradients) factor).values(), row));
    }

    private static INDArray row(INDArray array, int row) {
        return array.get(
                NDArrayIndex.interval(row, row + 1), NDArrayIndex.all(), NDArrayIndex.all());
    }

    @Test
    void formOfGramsIsTakenWhereItIsCheaperAndOnlyThere() {
        RowGradients one = gradients(LEARNT, 1, DataType.DOUBLE);
        FactoredGradient wide = one.parameters().get(1);
        assertTrue(GramProducts.isCheaper(wide, wide, 0));
        FactoredGradient table = one.parameters().get(0);
        assertTrue(!GramProducts.isCheaper(table, table, 0), "tokens have no Gram form");
        FactoredGradient longRows = gradients(LEARNT, 300, DataType.DOUBLE).parameters().get(1);
        assertTrue(!GramProducts.isCheaper(longRows, longRows, 0));
    }

    @Test
    void rejectsTooLittleMemory() {
        RowGradients learnt = gradients(LEARNT, 2, DataType.DOUBLE);
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new GradientInteractions(
                                        learnt, 1, Map.of(), InfluenceForm.DOT, 1000));
        assertEquals("memoryBytes must be >= 1 MiB, got 1000", e.getMessage());
    }

    private RowGradients gradients(int rows, int positions, DataType type) {
        List<FactoredGradient> all = new ArrayList<>();
        for (ParameterMatrix parameter : PARAMETERS) {
            List<GradientFactor> factors = new ArrayList<>();
            if (parameter.name().equals("bias")) {
                factors.add(new WholeGradients(normal(type, rows, 1, parameter.columns())));
            } else {
                factors.add(
                        new OuterProducts(
                                normal(type, rows, positions, parameter.rows()),
                                normal(type, rows, positions, parameter.columns())));
            }
            if (parameter.name().equals("table")) {
                int[][] ids = new int[rows][positions];
                for (int[] row : ids) {
                    for (int t = 0; t < positions; t++) {
                        row[t] = random.nextInt(12) - 1;
                    }
                }
                factors.add(
                        new TokenLookups(ids, normal(type, rows, positions, parameter.columns())));
            }
            all.add(new FactoredGradient(parameter, factors));
        }
        return new RowGradients(rows, all);
    }

    private Map<String, ParameterUpdate> updates(boolean preconditioned, DataType type) {
        Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
        for (ParameterMatrix parameter : PARAMETERS) {
            long[] shape = hostShape(parameter);
            updates.put(
                    parameter.name(),
                    new ParameterUpdate(
                            normal(type, shape),
                            normal(type, shape),
                            0.3,
                            preconditioned ? Optional.of(positive(shape, type)) : Optional.empty(),
                            preconditioned ? Optional.of(normal(type, shape)) : Optional.empty(),
                            Optional.of(normal(type, shape))));
        }
        return updates;
    }

    private static long[] hostShape(ParameterMatrix parameter) {
        return new long[] {parameter.rows(), parameter.columns()};
    }

    private INDArray positive(long[] shape, DataType type) {
        return normal(type, shape).muli(0.1).addi(1);
    }

    private INDArray normal(DataType type, long... shape) {
        INDArray array = Nd4j.create(type, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    /** Plain loops over explicit gradients. */
    private static final class Naive {
        final double[] norm = new double[OBSERVED];
        final double[] learntNorm = new double[LEARNT];
        final double[] step = new double[OBSERVED];
        final double[] batch = new double[OBSERVED];
        final double[] history = new double[OBSERVED];
        final double[] decay = new double[OBSERVED];
        final double stepNorm;
        private final double[][] pairs = new double[OBSERVED][LEARNT];
        private final InfluenceForm form;

        Naive(
                RowGradients observed,
                RowGradients learnt,
                Map<String, ParameterUpdate> updates,
                InfluenceForm form) {
            this.form = form;
            double stepSquares = 0;
            for (int p = 0; p < PARAMETERS.size(); p++) {
                ParameterUpdate update = updates.get(PARAMETERS.get(p).name());
                double[][] o = rows(observed.parameters().get(p));
                double[][] l = rows(learnt.parameters().get(p));
                double[] d = update.preconditioner().map(Naive::values).orElse(ones(o[0].length));
                double[] g = values(update.gradient());
                double[] h = update.history().map(Naive::values).orElse(new double[g.length]);
                double[] r = update.decay().map(Naive::values).orElse(new double[g.length]);
                double[] s = values(update.step());
                for (int v = 0; v < g.length; v++) {
                    stepSquares += s[v] * s[v] + g[v] * g[v] + h[v] * h[v] + r[v] * r[v];
                    for (int i = 0; i < LEARNT; i++) {
                        learntNorm[i] += 0.25 * l[i][v] * l[i][v];
                    }
                    for (int row = 0; row < OBSERVED; row++) {
                        norm[row] += o[row][v] * o[row][v];
                        step[row] += o[row][v] * s[v];
                        batch[row] -= o[row][v] * 0.3 * d[v] * g[v];
                        history[row] -= o[row][v] * h[v];
                        decay[row] -= o[row][v] * r[v];
                        for (int i = 0; i < LEARNT; i++) {
                            double factor = form == InfluenceForm.UPDATE ? -0.3 * d[v] * 0.5 : 0.5;
                            pairs[row][i] += o[row][v] * factor * l[i][v];
                        }
                    }
                }
            }
            stepNorm = Math.sqrt(stepSquares);
            roots(norm);
            roots(learntNorm);
        }

        private static void roots(double[] squares) {
            for (int i = 0; i < squares.length; i++) {
                squares[i] = Math.sqrt(squares[i]);
            }
        }

        double pair(int o, int i) {
            return form == InfluenceForm.COSINE
                    ? pairs[o][i] / (norm[o] * learntNorm[i])
                    : pairs[o][i];
        }

        double scale(int o, int i) {
            return form == InfluenceForm.COSINE ? 1 : norm[o] * learntNorm[i];
        }

        private static double[] ones(int length) {
            double[] ones = new double[length];
            java.util.Arrays.fill(ones, 1);
            return ones;
        }

        private static double[] values(INDArray array) {
            return array.dup('c').data().asDouble();
        }

        private static double[][] rows(FactoredGradient gradient) {
            INDArray all = gradient.explicit(0, gradient.parameter().columns());
            double[][] rows = new double[gradient.rows()][];
            for (int n = 0; n < rows.length; n++) {
                rows[n] = values(all.slice(n));
            }
            return rows;
        }
    }
}
