package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PackedAttentionTest {
    private static final int WIDTH = 5;
    private static final float SCALE = 0.7f;

    /** Where queries, keys and values stand. */
    private enum Layout {
        BY_HEAD,
        BY_POSITION,
        JOINT,
        JOINT_WITH_BIAS,
        BY_HEAD_BUT_VALUES
    }

    private static PackedAttention.Parts parts(Layout layout, int heads, int keyHeads) {
        int wide = heads * WIDTH;
        int narrow = keyHeads * WIDTH;
        return switch (layout) {
            case BY_HEAD -> parts(byHead("q", heads), byHead("k", keyHeads), byHead("v", keyHeads));
            case BY_POSITION ->
                    parts(
                            HeadPlaces.inColumns("q", heads, WIDTH, wide, 0),
                            HeadPlaces.inColumns("k", keyHeads, WIDTH, narrow, 0),
                            HeadPlaces.inColumns("v", keyHeads, WIDTH, narrow, 0));
            case JOINT -> joint(heads, keyHeads);
            case JOINT_WITH_BIAS -> {
                PackedAttention.Parts plain = joint(heads, keyHeads);
                yield parts(
                        plain.queries().plus("bias"),
                        plain.keys().plus("bias"),
                        plain.values().plus("bias"));
            }
            case BY_HEAD_BUT_VALUES ->
                    parts(
                            byHead("q", heads),
                            byHead("k", keyHeads),
                            HeadPlaces.inColumns("v", keyHeads, WIDTH, narrow, 0));
        };
    }

    private static PackedAttention.Parts joint(int heads, int keyHeads) {
        int wide = heads * WIDTH;
        int narrow = keyHeads * WIDTH;
        int all = wide + 2 * narrow;
        return parts(
                HeadPlaces.inColumns("q", heads, WIDTH, all, 0),
                HeadPlaces.inColumns("q", keyHeads, WIDTH, all, wide),
                HeadPlaces.inColumns("q", keyHeads, WIDTH, all, wide + narrow));
    }

    private static HeadPlaces byHead(String variable, int heads) {
        return HeadPlaces.byHead(variable, heads, WIDTH);
    }

    private static PackedAttention.Parts parts(HeadPlaces q, HeadPlaces k, HeadPlaces v) {
        return new PackedAttention.Parts(q, k, v, SCALE);
    }

    /** softmax(s·q·kᵀ)·v, which nobody masks, until it is put differently. */
    private static SameDiff graph(PackedAttention.Parts parts) {
        SameDiff graph = SameDiff.create();
        SDVariable q = graph.placeHolder("q", DataType.FLOAT);
        SDVariable k = graph.placeHolder("k", DataType.FLOAT);
        SDVariable v = graph.placeHolder("v", DataType.FLOAT);
        graph.placeHolder("segments", DataType.INT32, -1, -1);
        graph.placeHolder("bias", DataType.FLOAT);
        SDVariable scores = graph.mmul(q, k, false, true, false).rename("scores");
        graph.mmul(graph.nn().softmax(scores.mul(SCALE), -1), v).rename("mixed");
        PackedAttention.put(graph, "mixed", parts, "segments");
        return graph;
    }

    /** [B, heads, T, h] to [B·T, heads·h]. */
    private static INDArray byPosition(INDArray array) {
        return array.permute(0, 2, 1, 3)
                .dup('c')
                .reshape('c', array.size(0) * array.size(2), array.size(1) * WIDTH);
    }

    private static Map<String, INDArray> given(
            Layout layout, INDArray q, INDArray k, INDArray v, INDArray segments) {
        return switch (layout) {
            case BY_HEAD -> Map.of("q", q, "k", k, "v", v, "segments", segments);
            case BY_POSITION ->
                    Map.of(
                            "q",
                            byPosition(q),
                            "k",
                            byPosition(k),
                            "v",
                            byPosition(v),
                            "segments",
                            segments);
            case JOINT -> Map.of("q", joint(q, k, v), "k", k, "v", v, "segments", segments);
            case JOINT_WITH_BIAS -> {
                INDArray joint = joint(q, k, v);
                INDArray bias = random(4, 1, joint.size(1));
                INDArray rest = joint.sub(bias.broadcast(joint.shape()));
                yield Map.of("q", rest, "k", k, "v", v, "segments", segments, "bias", bias);
            }
            case BY_HEAD_BUT_VALUES ->
                    Map.of("q", q, "k", k, "v", byPosition(v), "segments", segments);
        };
    }

    private static INDArray joint(INDArray q, INDArray k, INDArray v) {
        return Nd4j.concat(1, byPosition(q), byPosition(k), byPosition(v));
    }

    private static INDArray random(long seed, long... shape) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.rand(DataType.FLOAT, shape).subi(0.5).muli(6);
    }

    /** The definition in float64: a token sees the prompt and its own segment, up to itself. */
    private static double[] naive(
            INDArray q, INDArray k, INDArray v, int[] ids, int row, int head, int position) {
        int keyHead = (int) (head * k.size(1) / q.size(1));
        double[] mixed = new double[WIDTH];
        double total = 0;
        for (int key = 0; key <= position; key++) {
            if (ids[key] != 0 && ids[key] != ids[position]) {
                continue;
            }
            double score = 0;
            for (int i = 0; i < WIDTH; i++) {
                score += q.getDouble(row, head, position, i) * k.getDouble(row, keyHead, key, i);
            }
            double weight = Math.exp(SCALE * score);
            total += weight;
            for (int i = 0; i < WIDTH; i++) {
                mixed[i] += weight * v.getDouble(row, keyHead, key, i);
            }
        }
        for (int i = 0; i < WIDTH; i++) {
            mixed[i] /= total;
        }
        return mixed;
    }

    private static void assertNaive(int keyHeads, int group, int[]... segments) {
        for (Layout layout : Layout.values()) {
            assertNaive(layout, keyHeads, group, 1, 1e-5, segments);
        }
    }

    private static void assertNaive(
            Layout layout,
            int keyHeads,
            int group,
            double size,
            double tolerance,
            int[]... segments) {
        int rows = segments.length;
        int length = segments[0].length;
        int heads = keyHeads * group;
        INDArray q = random(1, rows, heads, length, WIDTH).muli(size);
        INDArray k = random(2, rows, keyHeads, length, WIDTH);
        INDArray v = random(3, rows, keyHeads, length, WIDTH);
        INDArray found =
                new GraphSession(graph(parts(layout, heads, keyHeads)))
                        .pass(
                                List.of("mixed"),
                                given(layout, q, k, v, Nd4j.createFromArray(segments)))
                        .get("mixed");
        assertArrayEquals(new long[] {(long) rows * length, (long) heads * WIDTH}, found.shape());
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < heads; head++) {
                for (int at = 0; at < length; at++) {
                    double[] expected = naive(q, k, v, segments[row], row, head, at);
                    double[] mixed = new double[WIDTH];
                    for (int i = 0; i < WIDTH; i++) {
                        mixed[i] = found.getDouble(row * length + at, head * WIDTH + i);
                    }
                    assertArrayEquals(
                            expected, mixed, tolerance, layout + " " + row + "/" + head + "/" + at);
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

    @ParameterizedTest
    @ValueSource(doubles = {4, 40})
    void scoresFarFromZeroEqualTheDefinitionAsFarAsFloatsGo(double size) {
        int[] ids = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3};
        assertNaive(Layout.JOINT, 3, 1, size, 2e-5 * size, ids);
    }

    @Test
    void farLogitsStayFinite() {
        INDArray q = random(1, 1, 1, 4, WIDTH).muli(1e4);
        INDArray k = random(2, 1, 1, 4, WIDTH).muli(1e4);
        INDArray v = random(3, 1, 1, 4, WIDTH);
        INDArray segments = Nd4j.createFromArray(new int[][] {{0, 0, 1, 2}});
        INDArray found =
                new GraphSession(graph(parts(Layout.BY_HEAD, 1, 1)))
                        .pass(List.of("mixed"), given(Layout.BY_HEAD, q, k, v, segments))
                        .get("mixed");
        assertFalse(found.isNaN().any() || found.isInfinite().any());
    }

    @Test
    void theScoresCanStillBeAskedFor() {
        INDArray q = random(1, 1, 2, 3, WIDTH);
        INDArray k = random(2, 1, 2, 3, WIDTH);
        INDArray segments = Nd4j.createFromArray(new int[][] {{0, 1, 1}});
        INDArray scores =
                new GraphSession(graph(parts(Layout.BY_HEAD, 2, 2)))
                        .pass(List.of("scores", "mixed"), given(Layout.BY_HEAD, q, k, k, segments))
                        .get("scores");
        double expected = 0;
        for (int i = 0; i < WIDTH; i++) {
            expected += q.getDouble(0, 1, 2, i) * k.getDouble(0, 1, 0, i);
        }
        assertEquals(expected, scores.getDouble(0, 1, 2, 0), 1e-4);
    }

    @Test
    void partsMustFitToEachOther() {
        HeadPlaces four = byHead("q", 4);
        HeadPlaces three = byHead("k", 3);
        assertEquals(
                "keys and values must have as many heads, which divide those of queries, got 3, 3"
                        + " and 4",
                refused(() -> parts(four, three, three)));
        HeadPlaces wide = HeadPlaces.byHead("v", 4, 6);
        assertEquals(
                "heads must be of one width, got [5, 5, 6]",
                refused(() -> parts(four, four, wide)));
        assertEquals(
                "scale must be > 0, got 0.0",
                refused(() -> new PackedAttention.Parts(four, four, four, 0)));
        assertEquals(
                "columns must be >= 30, got 29",
                refused(() -> HeadPlaces.inColumns("k", 4, WIDTH, 29, 10)));
        assertEquals(
                "heads and width must be >= 1 and first >= 0, got 0, 5 and 0",
                refused(() -> byHead("k", 0)));
        assertEquals(
                "a bias needs columns that it is added to, got b",
                refused(() -> byHead("k", 3).plus("b")));
    }

    private static String refused(Executable making) {
        return assertThrows(IllegalArgumentException.class, making).getMessage();
    }
}
