package org.learningdynamics.influence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every product against explicit gradients, one pair at a time, in plain loops. */
class GradientInteractionsTest {
    private static final int OBSERVED = 5;
    private static final int LEARNT = 3;
    private static final long SMALLEST = 1 << 20;
    private final GradientSamples samples = new GradientSamples(7);

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
        RowGradients learnt = samples.gradients(LEARNT, 2, type);
        RowGradients observed = samples.gradients(OBSERVED, 4, type);
        Map<String, ParameterUpdate> updates = samples.updates(preconditioned, type);
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
        RowGradients learnt = samples.gradients(LEARNT, 2, type);
        RowGradients observed = samples.gradients(OBSERVED, 4, type);
        Map<String, ParameterUpdate> updates = new LinkedHashMap<>();
        for (FactoredGradient gradient : learnt.parameters()) {
            INDArray all = gradient.explicit(0, gradient.parameter().columns());
            INDArray mean =
                    all.sum(0).div(LEARNT).reshape(GradientSamples.hostShape(gradient.parameter()));
            INDArray d = samples.positive(mean.shape(), type);
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
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.DOUBLE);
        RowGradients observed = samples.gradients(OBSERVED, 4, DataType.DOUBLE);
        try (GradientInteractions interactions =
                new GradientInteractions(
                        learnt,
                        1,
                        samples.updates(true, DataType.DOUBLE),
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
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.DOUBLE);
        RowGradients many = samples.gradients(40, 4, DataType.DOUBLE);
        Map<String, ParameterUpdate> updates = samples.updates(true, DataType.DOUBLE);
        try (GradientInteractions interactions =
                new GradientInteractions(learnt, 1, updates, InfluenceForm.UPDATE, SMALLEST)) {
            InteractionSums all = interactions.with(many);
            for (int row = 0; row < 40; row++) {
                int from = row;
                List<FactoredGradient> parts =
                        many.parameters().stream().map(g -> GradientSamples.row(g, from)).toList();
                InteractionSums alone = interactions.with(new RowGradients(1, parts));
                double norm = alone.observedNorms()[0];
                assertEquals(norm, all.observedNorms()[row], 1e-12 * norm);
                assertArrayEquals(alone.total()[0], all.total()[row], 1e-12 * norm * norm);
            }
        }
    }

    @Test
    void formOfGramsIsTakenWhereItIsCheaperAndOnlyThere() {
        RowGradients one = samples.gradients(LEARNT, 1, DataType.DOUBLE);
        FactoredGradient wide = one.parameters().get(1);
        assertTrue(GramProducts.isCheaper(wide, wide, 0));
        FactoredGradient table = one.parameters().get(0);
        assertTrue(!GramProducts.isCheaper(table, table, 0), "tokens have no Gram form");
        FactoredGradient longRows =
                samples.gradients(LEARNT, 300, DataType.DOUBLE).parameters().get(1);
        assertTrue(!GramProducts.isCheaper(longRows, longRows, 0));
    }

    @Test
    void rejectsTooLittleMemory() {
        RowGradients learnt = samples.gradients(LEARNT, 2, DataType.DOUBLE);
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new GradientInteractions(
                                        learnt, 1, Map.of(), InfluenceForm.DOT, 1000));
        assertEquals("memoryBytes must be >= 1 MiB, got 1000", e.getMessage());
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
            for (int p = 0; p < GradientSamples.PARAMETERS.size(); p++) {
                ParameterUpdate update = updates.get(GradientSamples.PARAMETERS.get(p).name());
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
