package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Token by token gives what a pass over the whole row gives. */
class CachedDecoderTest {
    private static final int NEW_TOKENS = 6;

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    private static DecoderConfig.Builder family(String name) {
        return SmallModels.families().get(name);
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsAreThoseOfTheWholeRow(String family) {
        DecoderModel model = SmallModels.model(family(family).build());
        assertWholeRows(model, new int[] {5, 1, 9, 3}, 1e-10);
        assertWholeRows(model, new int[] {4, 4}, 1e-10);
        assertWholeRows(model, new int[] {1}, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("families")
    void adaptersCount(String family) {
        DecoderModel base = SmallModels.model(family(family).build());
        assertWholeRows(SmallModels.adapted(base), new int[] {2, 7}, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("families")
    void singlePrecisionIsAsExactAsItCanBe(String family) {
        DecoderConfig config = family(family).dataType(DataType.FLOAT).build();
        assertWholeRows(DecoderModel.create(config), new int[] {5, 1, 9, 3}, 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama grouped", "gpt2"})
    void promptsMayBeLongerThanAPiece(String family) {
        DecoderConfig config = family(family).maxLength(3 * CachedDecoder.PIECE).build();
        DecoderModel model = SmallModels.model(config);
        int piece = CachedDecoder.PIECE;
        assertWholeRows(model, new int[] {2 * piece + 5, piece, 3, piece + 1}, 1e-10);
    }

    @Test
    void headsOfLearntPositionsMayHaveAnyWidth() {
        DecoderConfig config = family("gpt2").width(3).heads(3).feedForwardWidth(5).build();
        assertWholeRows(SmallModels.model(config), new int[] {4, 2}, 1e-10);
    }

    @Test
    void nothingOfAWorkspaceIsLeftOpen() {
        DecoderModel model = SmallModels.model(SmallModels.config().build());
        List<String> before = Nd4j.getWorkspaceManager().getAllWorkspacesIdsForCurrentThread();
        assertWholeRows(model, new int[] {3, 2}, 1e-10);
        assertEquals(
                Set.copyOf(before),
                Set.copyOf(Nd4j.getWorkspaceManager().getAllWorkspacesIdsForCurrentThread()));
    }

    @Test
    void bytesOfARowAreThoseOfItsArrays() {
        DecoderConfig config = family("llama grouped").build();
        // 2 · 2 layers · 2 heads · 6 columns · 10 slots · 8 bytes
        assertEquals(2 * 2 * 2 * 6 * 10 * 8, KeyValueCache.bytesOfRow(config, 10));
    }

    /** Drops rows on the way, in another order. */
    private static void assertWholeRows(DecoderModel model, int[] lengths, double tolerance) {
        Random random = new Random(3);
        List<int[]> whole = new ArrayList<>();
        for (int length : lengths) {
            int vocabulary = model.config().vocabularySize();
            whole.add(random.ints(length + NEW_TOKENS, 0, vocabulary).toArray());
        }
        List<int[]> prompts =
                IntStream.range(0, lengths.length)
                        .mapToObj(i -> Arrays.copyOf(whole.get(i), lengths[i]))
                        .toList();
        List<double[][]> expected = whole.stream().map(row -> logits(model, row)).toList();
        int[] rows = IntStream.range(0, lengths.length).toArray();
        try (CachedDecoder decoder =
                new CachedDecoder(
                        model, RotaryTables.ifRotary(model.config()), lengths, NEW_TOKENS)) {
            INDArray logits = decoder.read(prompts);
            for (int t = 0; t < NEW_TOKENS; t++) {
                assertLast(expected, rows, lengths, t, logits, tolerance);
                logits.close();
                if (t == 2) {
                    rows = lengths.length > 2 ? new int[] {3, 1} : rows;
                    decoder.keep(rows);
                }
                int seen = t;
                int[] next =
                        Arrays.stream(rows).map(i -> whole.get(i)[lengths[i] + seen]).toArray();
                logits = decoder.read(next);
            }
            assertLast(expected, rows, lengths, NEW_TOKENS, logits, tolerance);
            logits.close();
        }
    }

    private static double[][] logits(DecoderModel model, int[] row) {
        try (INDArray logits = model.logits(new int[][] {row})) {
            return logits.slice(0).castTo(DataType.DOUBLE).toDoubleMatrix();
        }
    }

    private static void assertLast(
            List<double[][]> expected,
            int[] rows,
            int[] lengths,
            int newTokens,
            INDArray logits,
            double tolerance) {
        for (int i = 0; i < rows.length; i++) {
            assertArrayEquals(
                    expected.get(rows[i])[lengths[rows[i]] + newTokens - 1],
                    logits.getRow(i).toDoubleVector(),
                    tolerance,
                    "row " + rows[i] + " after " + newTokens);
        }
    }
}
