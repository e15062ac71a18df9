package org.learningdynamics.lm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;

/** Encodings equal those of a byte-pair encoding written from its description. */
class PretrainedTokenizerTest {
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "the cats sat",
                    "They'LL say it's DON'T, they've 123 + 4567.",
                    " leading and trailing  ",
                    "  two,   three,    four,     five,       seven spaces",
                    "line\r\nends\r\n\r\n\tand tabs\t\t\n \n  x",
                    "cafe\u0301 A\u030Angstro\u0308m, o\u0302\u0323 vs caf\u00E9 \u212B",
                    "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66 \uD83D\uDE00"
                            + "\uD83C\uDFFD \uD83C\uDDE9\uD83C\uDDEA",
                    "東京から北京まで。한국어 各\u4E2D",
                    "שלום, عالم ١٢٣ \u202Eabc\u202C",
                    "nul\u0000 bell\u0007 delete\u007F next line\u0085 separator\u2028x\uFEFFy",
                    "no-break\u00A0space, ideographic\u3000space, thin\u2009space",
                    "\u16A0\u10300\uD800\uDF30 ½ Ⅷ ²",
                    "def f(x):\n        return x   # ▁ ▁▁",
                    "<|endoftext|>cat<|im_start|>user\nhi<|im_end|>\n <s>x</s> <unk> <|padding|>",
                    "<|im_start|<|im_end|>>",
                    "a".repeat(1000),
                    "cat ".repeat(200) + " ".repeat(300) + "\n".repeat(100));

    @TempDir static Path folders;

    private static final Map<SmallTokenizer, PretrainedTokenizer> LOADED =
            new EnumMap<>(SmallTokenizer.class);

    @BeforeAll
    static void load() {
        for (SmallTokenizer family : SmallTokenizer.values()) {
            Path folder = family.write(folders.resolve(family.name()));
            LOADED.put(family, PretrainedTokenizer.load(folder));
        }
    }

    static Stream<Arguments> familiesAndTexts() {
        return Stream.of(SmallTokenizer.values())
                .flatMap(family -> TEXTS.stream().map(text -> Arguments.of(family, text)));
    }

    @ParameterizedTest
    @MethodSource("familiesAndTexts")
    void encodesAsTheReference(SmallTokenizer family, String text) {
        assertArrayEquals(
                family.reference().encode(text), LOADED.get(family).encode(text), family + text);
    }

    @ParameterizedTest
    @EnumSource(SmallTokenizer.class)
    void encodesRandomTextAsTheReference(SmallTokenizer family) {
        Random random = new Random(7);
        int[] alphabet =
                "  \n\r\t'sStTabceé\u0301\u200D東\uD83D\uDE00ש.,19▁<|>".codePoints().toArray();
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            IntStream.range(0, random.nextInt(40))
                    .forEach(x -> text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]));
            assertArrayEquals(
                    family.reference().encode(text.toString()),
                    LOADED.get(family).encode(text.toString()),
                    () -> family + ": " + text);
        }
    }

    @ParameterizedTest
    @MethodSource("familiesAndTexts")
    void decodingGivesTheTextBackOrItsComposedForm(SmallTokenizer family, String text) {
        PretrainedTokenizer tokenizer = LOADED.get(family);
        boolean special = Arrays.stream(tokenizer.encode(text)).anyMatch(id -> isAdded(family, id));
        if (!special) {
            assertEquals(family.decoded(text), tokenizer.decode(tokenizer.encode(text)));
        }
    }

    private static boolean isAdded(SmallTokenizer family, int id) {
        return Stream.of(
                        "<|endoftext|>",
                        "<|padding|>",
                        "<|im_start|>",
                        "<|im_end|>",
                        "<unk>",
                        "<s>",
                        "</s>")
                .filter(family.reference().vocabulary()::containsKey)
                .anyMatch(token -> family.reference().id(token) == id);
    }

    @ParameterizedTest
    @EnumSource(SmallTokenizer.class)
    void halfASurrogatePairReadsAsTheReplacementCharacter(SmallTokenizer family) {
        PretrainedTokenizer tokenizer = LOADED.get(family);
        Map<String, String> texts =
                Map.of(
                        "a\uD83Db", "a\uFFFDb",
                        "a\uDE00b", "a\uFFFDb",
                        "\uDE00\uD83D", "\uFFFD\uFFFD",
                        "x\uD83D", "x\uFFFD");
        texts.forEach(
                (text, clean) -> {
                    assertArrayEquals(tokenizer.encode(clean), tokenizer.encode(text));
                    assertEquals(clean, tokenizer.decode(tokenizer.encode(text)));
                });
    }

    @Test
    void specialTokensAreTokensInTextAndLeftOutOfDecodedText() {
        PretrainedTokenizer qwen = LOADED.get(SmallTokenizer.QWEN);
        ReferenceBpe reference = SmallTokenizer.QWEN.reference();
        int[] ids = qwen.encode("<|im_start|>cat<|im_end|>");
        assertEquals(reference.id("<|im_start|>"), ids[0]);
        assertEquals(reference.id("<|im_end|>"), ids[ids.length - 1]);
        assertEquals("cat", qwen.decode(ids));
    }

    @Test
    void theConfigurationNamesEndPaddingAndBeginning() {
        PretrainedTokenizer qwen = LOADED.get(SmallTokenizer.QWEN);
        assertEquals(SmallTokenizer.QWEN.reference().id("<|im_end|>"), qwen.endOfSequenceId());
        assertEquals(SmallTokenizer.QWEN.reference().id("<|endoftext|>"), qwen.paddingId());
        assertTrue(qwen.beginningOfSequenceId().isEmpty());
        PretrainedTokenizer gpt2 = LOADED.get(SmallTokenizer.GPT2);
        assertEquals(gpt2.endOfSequenceId(), gpt2.paddingId());
        assertEquals(1, LOADED.get(SmallTokenizer.LLAMA).beginningOfSequenceId().orElseThrow());
    }

    @Test
    void onlyPromptsGetABeginningAndOnlyOne() {
        PretrainedTokenizer llama = LOADED.get(SmallTokenizer.LLAMA);
        int[] plain = llama.encode("the cat");
        int[] begun = IntStream.concat(IntStream.of(1), Arrays.stream(plain)).toArray();
        assertArrayEquals(begun, llama.encodePrompt("the cat"));
        assertArrayEquals(llama.encode("<s>the cat"), llama.encodePrompt("<s>the cat"));
        assertArrayEquals(new int[] {1}, llama.encodePrompt(""));
        PretrainedTokenizer neox = LOADED.get(SmallTokenizer.NEOX);
        assertArrayEquals(neox.encode("the cat"), neox.encodePrompt("the cat"));
    }

    @Test
    void promptAndResponseAreEncodedApart() {
        PretrainedTokenizer llama = LOADED.get(SmallTokenizer.LLAMA);
        EncodedResponse row =
                new SequenceEncoder(llama, new Truncation(100, 50, KeepPrompt.END))
                        .encode("the cat", "sat");
        int[] prompt = llama.encodePrompt("the cat");
        int[] response = llama.encode("sat");
        int[] end = {llama.endOfSequenceId()};
        assertEquals(prompt.length, row.promptLength());
        assertArrayEquals(
                Stream.of(prompt, response, end).flatMapToInt(Arrays::stream).toArray(),
                row.tokens());
    }

    @Test
    void sizeCountsAddedTokensAndMustFitTheModel() {
        PretrainedTokenizer gpt2 = LOADED.get(SmallTokenizer.GPT2);
        int size = SmallTokenizer.GPT2.reference().vocabulary().size();
        assertEquals(size, gpt2.vocabularySize());
        gpt2.checkFits(size);
        Exception e = assertThrows(RuntimeException.class, () -> gpt2.checkFits(size - 1));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "must be <= the model's vocabulary "
                                        + (size - 1)
                                        + ", got "
                                        + size),
                e.getMessage());
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        PretrainedTokenizer gpt2 = LOADED.get(SmallTokenizer.GPT2);
        int size = gpt2.vocabularySize();
        for (int id : new int[] {-1, size}) {
            Exception e =
                    assertThrows(IllegalArgumentException.class, () -> gpt2.decode(new int[] {id}));
            assertEquals("id must be in [0, " + size + "), got " + id, e.getMessage());
        }
    }

    @Test
    void digestsDifferWhereEncodingsOrEndsDo(@TempDir Path folder) {
        SmallTokenizer.GPT2.writeTokenizer(folder);
        SmallTokenizer.write(
                folder,
                "config.json",
                Map.of("eos_token_id", SmallTokenizer.GPT2.reference().id("<|endoftext|>")));
        PretrainedTokenizer again = PretrainedTokenizer.load(folder);
        assertEquals(LOADED.get(SmallTokenizer.GPT2).digest(), again.digest());
        SmallTokenizer.write(folder, "config.json", Map.of("eos_token_id", 5));
        assertNotEquals(again.digest(), PretrainedTokenizer.load(folder).digest());
        assertEquals(
                SmallTokenizer.values().length,
                LOADED.values().stream().map(PretrainedTokenizer::digest).distinct().count());
    }

    @Test
    void severalThreadsEncodeTheSame() {
        PretrainedTokenizer qwen = LOADED.get(SmallTokenizer.QWEN);
        String text = String.join("\n", TEXTS.subList(0, 12));
        int[] alone = qwen.encode(text);
        IntStream.range(0, 200)
                .parallel()
                .forEach(i -> assertArrayEquals(alone, qwen.encode(text)));
    }
}
