package org.learningdynamics.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    @TempDir Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "The cat sat, then slept.",
                "Don't use a horse-shoe (or do); it's 3.",
                "\n\nHuman: Why?\n\nAssistant: \"Because so.\" Fine!",
                "Prices: $5, 20% off [today] @home",
                "x = {a: 1}; y...",
                "Ålesund größer naïve 東京 \uD83D\uDE00",
            })
    void wordsComeBackUnchanged(String text) {
        WordTokenizer tokenizer = WordTokenizer.train(List.of(text), 1000);
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    }

    @Test
    void whiteSpaceBecomesSingleSpacesAndLineEndsStay() {
        WordTokenizer tokenizer = WordTokenizer.train(List.of("a b"), 10);
        assertEquals("a b", tokenizer.decode(tokenizer.encode("  a \t\u00a0 b ")));
        WordTokenizer lines = WordTokenizer.train(List.of("a\nb"), 10);
        assertEquals("a\n\nb", lines.decode(lines.encode("a\r\n\rb")));
    }

    @Test
    void keepsTheMostFrequentPiecesTiesInOrder() {
        WordTokenizer tokenizer = WordTokenizer.train(List.of("c b a b", "d c b"), 6);
        assertEquals(6, tokenizer.vocabularySize());
        assertArrayEquals(new int[] {3, 4, 5, 2}, tokenizer.encode("b c a d"));
        assertEquals("b c a <unk>", tokenizer.decode(tokenizer.encode("b c a d")));
        assertEquals(2, tokenizer.unknownId());
    }

    @Test
    void leavesPaddingAndEndOut() {
        WordTokenizer tokenizer = WordTokenizer.train(List.of("a"), 10);
        int[] ids = {tokenizer.paddingId(), 3, tokenizer.endOfSequenceId()};
        assertEquals("a", tokenizer.decode(ids));
    }

    @Test
    void textThatSpellsASpecialTokenIsOrdinaryText() {
        WordTokenizer tokenizer = WordTokenizer.train(List.of("<unk> <eos>"), 10);
        assertTrue(Arrays.stream(tokenizer.encode("<unk>")).allMatch(id -> id >= 3));
        assertEquals(3, tokenizer.encode("<unk>").length);
    }

    @Test
    void savesAndLoads() throws IOException {
        WordTokenizer tokenizer = WordTokenizer.train(List.of("a \"b\" <c> é \n"), 20);
        Path file = dir.resolve("words.json");
        tokenizer.save(file);
        WordTokenizer loaded = WordTokenizer.load(file);
        assertEquals(tokenizer.digest(), loaded.digest());
        assertArrayEquals(tokenizer.encode("c é b\n"), loaded.encode("c é b\n"));
        Path again = dir.resolve("again.json");
        loaded.save(again);
        assertEquals(-1, Files.mismatch(file, again));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"format\":\"other\",\"pieces\":[]}",
                "{\"format\":\"word-tokenizer-1\"}",
                "{\"format\":\"word-tokenizer-1\",\"pieces\":[\"a\",\"a\"]}",
                "{\"format\":\"word-tokenizer-1\",\"pieces\":[null]}",
            })
    void refusesOtherFiles(String content) throws IOException {
        Path file = Files.writeString(dir.resolve("x.json"), content);
        var error = assertThrows(DataException.class, () -> WordTokenizer.load(file));
        assertEquals(file + ": is not a word-tokenizer-1 file", error.getMessage());
    }

    @Test
    void digestTellsVocabulariesApart() {
        String ab = WordTokenizer.train(List.of("a b"), 10).digest();
        assertEquals(ab, WordTokenizer.train(List.of("b", "a"), 99).digest());
        assertNotEquals(ab, WordTokenizer.train(List.of("a c"), 10).digest());
        assertNotEquals(ab, new ByteTokenizer().digest());
        assertEquals(64, ab.length());
    }

    @Test
    void refusesTooSmallVocabulariesAndUnknownIds() {
        var small =
                assertThrows(
                        IllegalArgumentException.class, () -> WordTokenizer.train(List.of("a"), 3));
        assertEquals("maxVocabulary must be > 3, got 3", small.getMessage());
        WordTokenizer tokenizer = WordTokenizer.train(List.of("a"), 10);
        var id =
                assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {4}));
        assertEquals("id must be in [0, 4), got 4", id.getMessage());
        assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}));
    }

    @Test
    void bytesComeBackUnchanged() {
        var tokenizer = new ByteTokenizer();
        String text = "a\r\n\té東\uD83D\uDE00\u0000";
        assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        assertEquals(258, tokenizer.vocabularySize());
        assertEquals("a", tokenizer.decode(new int[] {256, 'a', tokenizer.endOfSequenceId()}));
        assertEquals("\uFFFD", tokenizer.decode(new int[] {0xC3}));
        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> tokenizer.decode(new int[] {258}));
        assertEquals("id must be in [0, 258), got 258", error.getMessage());
    }
}
