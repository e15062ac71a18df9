package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Cross-entropies against their formula, against differences and at the edge of the numbers. */
@ExtendWith(PlainGather.class)
class GradientRepairsTest {
    private static final double STEP = 1e-5;
    private static final double[][] FEATURES = {{0.4, -1.3}, {2.1, 0.2}, {-0.7, 1.9}, {1.1, 0.6}};
    private static final double[][] WEIGHTS = {{0.3, -0.5, 1.2}, {-1.1, 0.8, 0.1}};
    private static final double[][] SOFT = {
        {0.1, 0.7, 0.2}, {1, 0, 0}, {0.25, 0.25, 0.5}, {0, 0, 0}
    };
    private static final double[] FACTORS = {0.5, -2, 0, 3};
    private static final int[] CLASSES = {2, 0, 1, 2};

    private final SameDiff graph = SameDiff.create();
    private final SDVariable weights = graph.var("weights", Nd4j.createFromArray(WEIGHTS));
    private final SDVariable features = graph.placeHolder("features", DataType.DOUBLE, -1, 2);
    private final SDVariable logits = graph.mmul(features, weights);

    private static Map<String, INDArray> inputs() {
        return Map.of("features", Nd4j.createFromArray(FEATURES));
    }

    private double[] values(SDVariable losses) {
        return graph.output(inputs(), losses.name()).get(losses.name()).toDoubleVector();
    }

    /** The documented formula, term by term. */
    private static double[] naive(double[][] labels, double[] factors) {
        double[] losses = new double[labels.length];
        for (int n = 0; n < labels.length; n++) {
            double[] z = new double[3];
            double sum = 0;
            for (int v = 0; v < z.length; v++) {
                z[v] = FEATURES[n][0] * WEIGHTS[0][v] + FEATURES[n][1] * WEIGHTS[1][v];
                sum += Math.exp(z[v]);
            }
            for (int v = 0; v < z.length; v++) {
                losses[n] += factors[n] * labels[n][v] * (Math.log(sum) - z[v]);
            }
        }
        return losses;
    }

    private static double[][] oneHot() {
        double[][] labels = new double[CLASSES.length][3];
        for (int n = 0; n < labels.length; n++) {
            labels[n][CLASSES[n]] = 1;
        }
        return labels;
    }

    private SDVariable soft() {
        return graph.constant(Nd4j.createFromArray(SOFT));
    }

    private SDVariable classes() {
        return graph.constant(Nd4j.createFromArray(CLASSES));
    }

    private SDVariable factors() {
        return graph.constant(Nd4j.createFromArray(FACTORS));
    }

    private static double[] ones() {
        return new double[] {1, 1, 1, 1};
    }

    @Test
    void lossesAreThoseOfTheFormula() {
        assertArrayEquals(
                naive(SOFT, ones()),
                values(GradientRepairs.softmaxCrossEntropy(graph, soft(), logits)),
                1e-12);
        assertArrayEquals(
                naive(SOFT, FACTORS),
                values(GradientRepairs.softmaxCrossEntropy(graph, soft(), logits, factors())),
                1e-12);
        assertArrayEquals(
                naive(oneHot(), ones()),
                values(GradientRepairs.sparseSoftmaxCrossEntropy(graph, classes(), logits, 3)),
                1e-12);
        assertArrayEquals(
                naive(oneHot(), FACTORS),
                values(
                        GradientRepairs.sparseSoftmaxCrossEntropy(
                                graph, classes(), logits, 3, factors())),
                1e-12);
    }

    /** Gradients of the sum, the mean, a scaled mean and a weighted sum of squares. */
    private void assertGradientsAreThoseOfDifferences(SDVariable losses) {
        SDVariable uneven = graph.constant(Nd4j.createFromArray(1.3, -0.4, 2.2, 0.7));
        List<SDVariable> totals =
                List.of(
                        losses.sum(),
                        losses.mean(),
                        losses.mean().mul(-3.5),
                        graph.math().square(losses).mul(uneven).sum());
        for (SDVariable total : totals) {
            graph.setLossVariables(total);
            assertTrue(GraphAudit.of(graph).findings().isEmpty(), GraphAudit.of(graph).toText());
            double[] actual =
                    graph.calculateGradients(inputs(), "weights")
                            .get("weights")
                            .dup()
                            .data()
                            .asDouble();
            assertArrayEquals(differences(total).data().asDouble(), actual, 1e-8);
        }
    }

    private INDArray differences(SDVariable total) {
        INDArray array = weights.getArr();
        INDArray result = array.dup();
        for (long i = 0; i < array.length(); i++) {
            double center = array.getDouble(i);
            array.putScalar(i, center + STEP);
            double above = total(total);
            array.putScalar(i, center - STEP);
            result.putScalar(i, (above - total(total)) / (2 * STEP));
            array.putScalar(i, center);
        }
        return result;
    }

    private double total(SDVariable total) {
        return graph.output(inputs(), total.name()).get(total.name()).getDouble(0);
    }

    @Test
    void gradientsAreThoseOfDifferencesUnderAnyIncomingGradient() {
        assertGradientsAreThoseOfDifferences(
                GradientRepairs.softmaxCrossEntropy(graph, soft(), logits));
        assertGradientsAreThoseOfDifferences(
                GradientRepairs.softmaxCrossEntropy(graph, soft(), logits, factors()));
        assertGradientsAreThoseOfDifferences(
                GradientRepairs.sparseSoftmaxCrossEntropy(graph, classes(), logits, 3));
        assertGradientsAreThoseOfDifferences(
                GradientRepairs.sparseSoftmaxCrossEntropy(graph, classes(), logits, 3, factors()));
    }

    @Test
    void aTrainingStepFollowsTheGradientOfAScaledMean() {
        SDVariable labels = graph.placeHolder("labels", DataType.DOUBLE, -1, 3);
        SDVariable losses = GradientRepairs.softmaxCrossEntropy(graph, soft(), logits, factors());
        SDVariable total = losses.mul(labels.sum(1)).mean().mul(2.5);
        graph.setLossVariables(total);
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Sgd(0.1))
                        .dataSetFeatureMapping("features")
                        .dataSetLabelMapping("labels")
                        .build());
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 4, 3);
        SDVariable same = losses.mul(3.0).mean().mul(2.5);
        INDArray expected = weights.getArr().sub(differences(same).muli(0.1));
        graph.fit(new DataSet(Nd4j.createFromArray(FEATURES), ones));
        assertArrayEquals(
                expected.data().asDouble(), weights.getArr().dup().data().asDouble(), 1e-9);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void valueAndGradientAreFiniteAtHugeLogits(DataType type) {
        double[][] huge = {{1e4, -1e4, 0}, {-1e4, -1e4, 1e4}, {-1e4, -1e4, -1e4}, {0, 0, 0}};
        SameDiff extreme = SameDiff.create();
        SDVariable x = extreme.var("x", Nd4j.createFromArray(huge).castTo(type));
        SDVariable ids = extreme.constant(Nd4j.createFromArray(1, 2, 0, 0));
        SDVariable losses = GradientRepairs.sparseSoftmaxCrossEntropy(extreme, ids, x, 3);
        losses.mul(extreme.constant(Nd4j.createFromArray(1, 2, 3, 6).castTo(type)))
                .sum()
                .markAsLoss();
        double third = Math.log(3);
        assertArrayEquals(
                new double[] {2e4, 0, third, third}, losses.eval().toDoubleVector(), 1e-6);
        INDArray gradient = extreme.calculateGradients(Map.of(), "x").get("x");
        assertArrayEquals(
                new double[] {1, -1, 0, 0, 0, 0, -2, 1, 1, -4, 2, 2},
                gradient.dup('c').data().asDouble(),
                1e-6);
    }

    @Test
    void aLabelThatIsNoClassGivesNothing() {
        SDVariable ids = graph.constant(Nd4j.createFromArray(-100L, 0L, 3L, -1L));
        SDVariable losses = GradientRepairs.sparseSoftmaxCrossEntropy(graph, ids, logits, 3);
        double second = naive(oneHot(), ones())[1];
        assertArrayEquals(new double[] {0, second, 0, 0}, values(losses), 1e-12);
        assertGradientsAreThoseOfDifferences(losses);
    }

    @Test
    void labelsOfARectangleGoWithLogitsOfABlock() {
        SDVariable ids =
                graph.constant(
                        Nd4j.createFromArray(
                                new int[][] {{CLASSES[0], CLASSES[1]}, {CLASSES[2], CLASSES[3]}}));
        SDVariable block = graph.reshape(logits, 2, 2, 3);
        SDVariable losses = GradientRepairs.sparseSoftmaxCrossEntropy(graph, ids, block, 3);
        assertArrayEquals(naive(oneHot(), ones()), values(losses), 1e-12);
    }

    @Test
    void oneExampleIsEnough() {
        SDVariable row = graph.var("row", Nd4j.createFromArray(new double[][] {{0, 1, 2}}));
        SDVariable label = graph.constant(Nd4j.createFromArray(1));
        SDVariable loss = GradientRepairs.sparseSoftmaxCrossEntropy(graph, label, row, 3);
        double expected = Math.log(1 + Math.E + Math.E * Math.E) - 1;
        assertArrayEquals(new double[] {expected}, loss.eval().toDoubleVector(), 1e-12);
        loss.sum().markAsLoss();
        INDArray gradient = graph.calculateGradients(inputs(), "row").get("row");
        assertEquals(0, gradient.sumNumber().doubleValue(), 1e-12);
    }

    @Test
    void tooFewWeightsOrLabelsFailInsteadOfSpreading() {
        SDVariable one = graph.constant(Nd4j.createFromArray(1.0));
        SDVariable losses = GradientRepairs.softmaxCrossEntropy(graph, soft(), logits, one);
        assertThrows(RuntimeException.class, () -> values(losses));
        SDVariable label = graph.constant(Nd4j.createFromArray(1));
        SDVariable spread = GradientRepairs.sparseSoftmaxCrossEntropy(graph, label, logits, 3);
        assertThrows(RuntimeException.class, () -> values(spread));
    }

    @Test
    void aBlockOfLogitsIsRefusedWhenItRunsIfNotBefore() {
        SDVariable block = graph.reshape(logits, 2, 2, 3);
        SDVariable losses = GradientRepairs.softmaxCrossEntropy(graph, soft(), block);
        assertThrows(RuntimeException.class, () -> values(losses));
        SDVariable known = graph.placeHolder("known", DataType.DOUBLE, -1, 2, 3);
        assertRefused(
                "logits must be of rank 2 [N, V], got rank 3",
                () -> GradientRepairs.softmaxCrossEntropy(graph, soft(), known));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void refusesWhatCannotBe() {
        assertRefused(
                "classes must be >= 2, got 1",
                () -> GradientRepairs.sparseSoftmaxCrossEntropy(graph, classes(), logits, 1));
        assertRefused(
                "labels must be integers, got DOUBLE",
                () -> GradientRepairs.sparseSoftmaxCrossEntropy(graph, soft(), logits, 3));
        assertRefused(
                "logits must be floating-point, got INT",
                () -> GradientRepairs.softmaxCrossEntropy(graph, soft(), classes()));
        assertRefused(
                "logits must end in the number of classes 4, got shape [2, 3]",
                () -> GradientRepairs.sparseSoftmaxCrossEntropy(graph, classes(), weights, 4));
    }

    @Test
    void nothingIsInstalledUnlessAskedFor() {
        assertFalse(GradientRepairs.isGatherInstalled());
    }
}
