package org.learningdynamics.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBatchTest {
    private static final int X = TokenBatch.IGNORED;

    @Test
    void shiftsLabelsByOneAndMasksPromptAndPadding() {
        TokenBatch batch = TokenBatch.of(rows(), 9);
        // The last token of a row is never an input.
        assertArrayEquals(new int[][] {{1, 2, 3}, {6, 9, 9}}, batch.inputIds());
        assertArrayEquals(new int[][] {{X, 3, 4}, {7, X, X}}, batch.labels());
        assertEquals(2, batch.size());
        assertEquals(3, batch.length());
        assertEquals(3, batch.responseTokens());
    }

    @Test
    void roundsTheLengthUp() {
        TokenBatch batch = TokenBatch.of(rows(), 9, 4);
        assertEquals(4, batch.length());
        assertArrayEquals(new int[] {1, 2, 3, 9}, batch.inputIds()[0]);
        assertArrayEquals(new int[] {X, 3, 4, X}, batch.labels()[0]);
        assertEquals(4, TokenBatch.of(rows(), 9, 2).length());
        assertEquals(3, TokenBatch.of(rows(), 9, 3).length());
    }

    @Test
    void rejectsEmptyBatchesAndMultiples() {
        var empty = assertThrows(IllegalArgumentException.class, () -> TokenBatch.of(List.of(), 0));
        assertEquals("a batch needs at least one row, got 0", empty.getMessage());
        var multiple =
                assertThrows(IllegalArgumentException.class, () -> TokenBatch.of(rows(), 0, 0));
        assertEquals("multiple must be >= 1, got 0", multiple.getMessage());
    }

    @Test
    void aRowNeedsPromptAndResponse() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new EncodedResponse(new int[] {1, 2}, 2));
        assertEquals(
                "promptLength must be in [1, 2), got 2: a response needs at least one token",
                error.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new EncodedResponse(new int[] {1, 2}, 0));
    }

    private static List<EncodedResponse> rows() {
        return List.of(
                new EncodedResponse(new int[] {1, 2, 3, 4}, 2),
                new EncodedResponse(new int[] {6, 7}, 1));
    }
}
