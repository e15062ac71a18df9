package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TokenInputTest {
    private static final int[][] IDS = {{2, 0, 1}, {1, 1, 2}};

    @Test
    void idsKeepTheirValues() {
        assertArrayEquals(IDS, TokenInput.IDS.array(IDS).toIntMatrix());
        INDArray channel = TokenInput.IDS_IN_ONE_CHANNEL.array(IDS);
        assertArrayEquals(new long[] {2, 1, 3}, channel.shape());
        assertEquals(2, channel.getInt(1, 0, 2));
    }

    @Test
    void oneHotTokensHaveOneOneAtTheId() {
        INDArray first = TokenInput.oneHot(4).array(IDS);
        INDArray last = TokenInput.oneHotChannelsLast(4).array(IDS);
        assertArrayEquals(new long[] {2, 4, 3}, first.shape());
        assertEquals(first, last.permute(0, 2, 1));
        assertEquals(6, first.sumNumber().intValue());
        assertArrayEquals(IDS, first.argMax(1).toIntMatrix());
    }

    @Test
    void refusesTokensOutsideTheVocabulary() {
        assertEquals(
                "token ids must be in [0, 2), got 2",
                assertThrows(IllegalArgumentException.class, () -> TokenInput.oneHot(2).array(IDS))
                        .getMessage());
    }

    @Test
    void refusesVocabulariesThatDoNotFitTheForm() {
        assertEquals(
                "vocabularySize must be >= 2 for one-hot tokens, got 1",
                assertThrows(IllegalArgumentException.class, () -> TokenInput.oneHot(1))
                        .getMessage());
        assertEquals(
                "vocabularySize must be 0 for ids, got 5",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new TokenInput(TokenInput.Form.IDS, 5))
                        .getMessage());
    }
}
