package org.learningdynamics.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceEncoderTest {
    private static final int END = new ByteTokenizer().endOfSequenceId();

    @Test
    void endsEveryResponse() {
        EncodedResponse row = encoder(Truncation.DEFAULT).encode("ab", "c");
        assertArrayEquals(new int[] {'a', 'b', 'c', END}, row.tokens());
        assertEquals(2, row.promptLength());
        assertEquals(2, row.responseLength());
    }

    @Test
    void anEmptyResponseIsOneToken() {
        EncodedResponse row = encoder(Truncation.DEFAULT).encode("ab", "");
        assertArrayEquals(new int[] {'a', 'b', END}, row.tokens());
        assertEquals(1, row.responseLength());
    }

    @Test
    void anEmptyPromptIsTheEndOfSequenceToken() {
        EncodedResponse row = encoder(Truncation.DEFAULT).encode("", "c");
        assertArrayEquals(new int[] {END, 'c', END}, row.tokens());
        assertEquals(1, row.promptLength());
        assertArrayEquals(new int[] {END}, encoder(Truncation.DEFAULT).encodePrompt(""));
    }

    @Test
    void leavesSequencesOfTheMaximumLengthAlone() {
        EncodedResponse row = encoder(new Truncation(6, 2, KeepPrompt.END)).encode("abcd", "e");
        assertArrayEquals(new int[] {'a', 'b', 'c', 'd', 'e', END}, row.tokens());
    }

    @Test
    void cutsThePromptFirst() {
        EncodedResponse end = encoder(new Truncation(6, 2, KeepPrompt.END)).encode("abcd", "ef");
        assertArrayEquals(new int[] {'c', 'd', 'e', 'f', END}, end.tokens());
        EncodedResponse start =
                encoder(new Truncation(6, 2, KeepPrompt.START)).encode("abcd", "ef");
        assertArrayEquals(new int[] {'a', 'b', 'e', 'f', END}, start.tokens());
    }

    @Test
    void thenCutsTheResponseWhichLosesItsEnd() {
        var encoder = encoder(new Truncation(6, 2, KeepPrompt.END));
        assertArrayEquals(
                new int[] {'c', 'd', 'e', 'f', 'g', 'h'}, encoder.encode("abcd", "efghi").tokens());
        assertArrayEquals(
                new int[] {'a', 'e', 'f', 'g', 'h', 'i'}, encoder.encode("a", "efghijk").tokens());
    }

    @Test
    void theLongestResponseDecidesThePromptForAll() {
        List<EncodedResponse> rows =
                encoder(new Truncation(6, 2, KeepPrompt.END))
                        .encodeSharing("abcd", List.of("e", "efg", ""));
        for (EncodedResponse row : rows) {
            assertEquals(2, row.promptLength());
            assertEquals('c', row.tokens()[0]);
            assertEquals('d', row.tokens()[1]);
        }
        assertEquals(List.of(2, 4, 1), rows.stream().map(EncodedResponse::responseLength).toList());
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> encoder(Truncation.DEFAULT).encodeSharing("a", List.of()));
        assertEquals("responses must hold at least one text, got none", error.getMessage());
    }

    @Test
    void encodesExamplesWithTheirIds() {
        var encoder = encoder(new Truncation(6, 2, KeepPrompt.END));
        PreferenceRow pair = encoder.encode(new PreferenceExample(7, "abcd", "e", "efg"));
        assertEquals(7, pair.example());
        assertEquals(2, pair.chosen().promptLength());
        assertEquals(2, pair.rejected().promptLength());
        assertEquals(6, pair.length());
        SupervisedRow row = encoder.encode(new CompletionExample(8, "a", "b"));
        assertEquals(8, row.example());
        assertEquals(3, row.encoded().length());
        UnpairedRow judged = encoder.encode(new UnpairedExample(9, "a", "b", true));
        assertEquals(9, judged.example());
        assertEquals(true, judged.label());
    }

    @Test
    void stacksPairsChosenFirst() {
        var encoder = encoder(Truncation.DEFAULT);
        var pairs =
                List.of(
                        encoder.encode(new PreferenceExample(1, "p", "a", "b")),
                        encoder.encode(new PreferenceExample(2, "p", "c", "d")));
        assertEquals(
                List.of((int) 'a', (int) 'c', (int) 'b', (int) 'd'),
                PreferenceRow.stacked(pairs).stream().map(row -> row.tokens()[1]).toList());
    }

    @Test
    void cutsAPromptAlone() {
        var encoder = encoder(new Truncation(6, 2, KeepPrompt.END));
        assertArrayEquals(new int[] {'c', 'd'}, encoder.encodePrompt("abcd"));
        assertArrayEquals(new int[] {'a'}, encoder.encodePrompt("a"));
    }

    @Test
    void rejectsImpossibleLimits() {
        var shortLength =
                assertThrows(
                        IllegalArgumentException.class, () -> new Truncation(1, 1, KeepPrompt.END));
        assertEquals("maxLength must be >= 2, got 1", shortLength.getMessage());
        var noRoom =
                assertThrows(
                        IllegalArgumentException.class, () -> new Truncation(8, 8, KeepPrompt.END));
        assertEquals("maxPromptLength must be in [1, 8), got 8", noRoom.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Truncation(8, 0, KeepPrompt.END));
    }

    private static SequenceEncoder encoder(Truncation truncation) {
        return new SequenceEncoder(new ByteTokenizer(), truncation);
    }
}
