package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TopTokensTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static TopTokens of(double... logits) {
        return new TopTokens(Nd4j.createFromArray(new double[][] {logits}));
    }

    private static List<Integer> tokens(List<TopTokens.Entry> entries) {
        return entries.stream().map(TopTokens.Entry::token).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40, 200})
    void areTheFirstOfAllClassesByFallingProbability(int count) {
        Random random = new Random(count);
        double[][] logits = new double[3][40];
        for (double[] row : logits) {
            IntStream.range(0, row.length).forEach(v -> row[v] = 4 * random.nextGaussian());
        }
        TopTokens top = new TopTokens(Nd4j.createFromArray(logits));
        for (int position = 0; position < logits.length; position++) {
            double[] row = logits[position];
            double sum = IntStream.range(0, 40).mapToDouble(v -> Math.exp(row[v])).sum();
            List<Integer> sorted =
                    IntStream.range(0, 40)
                            .boxed()
                            .sorted(Comparator.comparingDouble(v -> -row[v]))
                            .limit(count)
                            .toList();
            List<TopTokens.Entry> entries = top.at(position, count);
            assertEquals(sorted, tokens(entries));
            for (TopTokens.Entry entry : entries) {
                assertEquals(row[entry.token()] - Math.log(sum), entry.logProb(), 1e-12);
            }
        }
    }

    @Test
    void haveTheVeryLogProbabilitiesOfTheLikelihoodMeasures() {
        INDArray logits = Nd4j.rand(org.nd4j.linalg.api.buffer.DataType.FLOAT, 5, 30).muli(9);
        int[][] labels = {{3, 29, 0, 11, 17}};
        Likelihood measured = LikelihoodMeasures.measureFlat(logits, labels).get(0);
        TopTokens top = new TopTokens(logits);
        for (int t = 0; t < 5; t++) {
            int label = labels[0][t];
            List<TopTokens.Entry> entries = top.at(t, 1, label);
            assertEquals(measured.argmaxTokens()[t], entries.get(0).token());
            double own =
                    entries.stream()
                            .filter(entry -> entry.token() == label)
                            .findFirst()
                            .orElseThrow()
                            .logProb();
            assertEquals(measured.tokenLogProbs()[t], own);
        }
    }

    @Test
    void othersAreAddedOnceAndTiesGoByNumber() {
        TopTokens top = of(1, 5, 1, 5, 0);
        assertEquals(List.of(1, 3), tokens(top.at(0, 2)));
        assertEquals(List.of(1, 3, 0), tokens(top.at(0, 3)));
        assertEquals(List.of(1, 3, 2, 4), tokens(top.at(0, 2, 4, 1, 2, 4)));
        Set<Integer> all = new HashSet<>(tokens(top.at(0, 9)));
        assertEquals(Set.of(0, 1, 2, 3, 4), all);
    }

    @Test
    void impossibleClassesHaveMinusInfinity() {
        List<TopTokens.Entry> entries = of(-INFINITY, 2, -INFINITY).at(0, 2);
        assertEquals(
                List.of(new TopTokens.Entry(1, -0.0), new TopTokens.Entry(0, -INFINITY)), entries);
    }

    @Test
    void logitsThatAreNoDistributionGiveNothing() {
        assertEquals(List.of(), of(1, Double.NaN, 2).at(0, 2));
        assertEquals(List.of(), of(1, INFINITY, 2).at(0, 2));
        assertEquals(List.of(), of(-INFINITY, -INFINITY).at(0, 1));
    }

    @Test
    void countsAndClassesOutOfRangeAreRefused() {
        TopTokens top = of(1, 2);
        assertEquals(
                "count must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> top.at(0, 0)).getMessage());
        assertEquals(
                "class must be in 0..1, got 2",
                assertThrows(IllegalArgumentException.class, () -> top.at(0, 1, 2)).getMessage());
    }
}
