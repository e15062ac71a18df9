package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PackedAttentionTest {
    private static final int WIDTH = 5;

    /** softmax(q·kᵀ)·v, which nobody masks, until it is put differently. */
    private static SameDiff graph() {
        SameDiff graph = SameDiff.create();
        SDVariable q = graph.placeHolder("q", DataType.FLOAT, -1, -1, -1, WIDTH);
        SDVariable k = graph.placeHolder("k", DataType.FLOAT, -1, -1, -1, WIDTH);
        SDVariable v = graph.placeHolder("v", DataType.FLOAT, -1, -1, -1, WIDTH);
        graph.placeHolder("segments", DataType.INT32, -1, -1);
        SDVariable scores = graph.mmul(q, k, false, true, false).rename("scores");
        graph.mmul(graph.nn().softmax(scores, -1), v).rename("mixed");
        PackedAttention.put(graph, "mixed", "q", "k", "v", "segments");
        return graph;
    }

    private static INDArray random(long seed, long... shape) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.rand(DataType.FLOAT, shape).subi(0.5).muli(6);
    }

    /** The definition in float64: a token sees the prompt and its own segment, up to itself. */
    private static double[] naive(
            INDArray q, INDArray k, INDArray v, int[] ids, int row, int head, int at) {
        int position = at % ids.length;
        double[] mixed = new double[WIDTH];
        double total = 0;
        for (int key = 0; key <= position; key++) {
            if (ids[key] != 0 && ids[key] != ids[position]) {
                continue;
            }
            double score = 0;
            for (int i = 0; i < WIDTH; i++) {
                score += q.getDouble(row, head, at, i) * k.getDouble(row, head, key, i);
            }
            double weight = Math.exp(score);
            total += weight;
            for (int i = 0; i < WIDTH; i++) {
                mixed[i] += weight * v.getDouble(row, head, key, i);
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            mixed[i] /= total;
        }
        return mixed;
    }

    private static void assertNaive(int keyHeads, int group, int[]... segments) {
        int rows = segments.length;
        int length = segments[0].length;
        INDArray q = random(1, rows, keyHeads, (long) group * length, WIDTH);
        INDArray k = random(2, rows, keyHeads, length, WIDTH);
        INDArray v = random(3, rows, keyHeads, length, WIDTH);
        Map<String, INDArray> given =
                Map.of("q", q, "k", k, "v", v, "segments", Nd4j.createFromArray(segments));
        INDArray found = new GraphSession(graph()).pass(List.of("mixed"), given).get("mixed");
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < keyHeads; head++) {
                for (int at = 0; at < group * length; at++) {
                    double[] expected = naive(q, k, v, segments[row], row, head, at);
                    double[] mixed = new double[WIDTH];
                    for (int i = 0; i < WIDTH; i++) {
                        mixed[i] = found.getDouble(row, head, at, i);
                    }
                    assertArrayEquals(expected, mixed, 1e-5, row + "/" + head + "/" + at);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "2, 3"})
    void everyTokenSeesThePromptAndItsOwnSegmentUpToItself(int keyHeads, int group) {
        assertNaive(
                keyHeads,
                group,
                new int[] {0, 0, 0, 1, 1, 2, 2, 2, 3},
                new int[] {0, 1, 2, 3, 3, 3, 3, 4, 4});
    }

    @Test
    void unusualOrdersOfSegmentsKeepTheirMeaning() {
        assertNaive(
                2,
                1,
                new int[] {1, 1, 0, 2, 2, 0, 1, 1},
                new int[] {5, 5, 5, 5, 5, 5, 5, 5},
                new int[] {0, 0, 0, 0, 0, 0, 0, 0},
                new int[] {0, 2, 1, 2, 1, 2, 1, 0});
    }

    @Test
    void manyHeadsOfLongRowsEqualTheDefinitionToo() {
        int[] ids = new int[150];
        for (int i = 60; i < ids.length; i++) {
            ids[i] = 1 + (i - 60) / 45;
        }
        assertNaive(16, 2, ids);
    }

    @Test
    void farLogitsStayFinite() {
        SameDiff graph = graph();
        INDArray q = random(1, 1, 1, 4, WIDTH).muli(1e4);
        INDArray k = random(2, 1, 1, 4, WIDTH).muli(1e4);
        INDArray v = random(3, 1, 1, 4, WIDTH);
        INDArray segments = Nd4j.createFromArray(new int[][] {{0, 0, 1, 2}});
        Map<String, INDArray> given = Map.of("q", q, "k", k, "v", v, "segments", segments);
        INDArray found = new GraphSession(graph).pass(List.of("mixed"), given).get("mixed");
        assertFalse(found.isNaN().any() || found.isInfinite().any());
    }

    @Test
    void theScoresCanStillBeAskedFor() {
        INDArray q = random(1, 1, 2, 3, WIDTH);
        INDArray k = random(2, 1, 2, 3, WIDTH);
        INDArray segments = Nd4j.createFromArray(new int[][] {{0, 1, 1}});
        Map<String, INDArray> given = Map.of("q", q, "k", k, "v", k, "segments", segments);
        INDArray scores =
                new GraphSession(graph()).pass(List.of("scores", "mixed"), given).get("scores");
        double expected = 0;
        for (int i = 0; i < WIDTH; i++) {
            expected += q.getDouble(0, 1, 2, i) * k.getDouble(0, 1, 0, i);
        }
        assertEquals(expected, scores.getDouble(0, 1, 2, 0), 1e-4);
    }
}
