package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    private static final int END = 10;

    private final DecoderModel model = SmallModels.model(SmallModels.config().build());
    private final Generator generator = new Generator(model, END);

    @Test
    void greedyFollowsTheArgmax() {
        List<int[]> prompts = prompts(6);
        List<int[]> answers = generator.generate(prompts, 5, Sampling.greedy());
        for (int i = 0; i < prompts.size(); i++) {
            assertArrayEquals(naive(model, prompts.get(i), 5), answers.get(i), "prompt " + i);
        }
    }

    @Test
    void answersDoNotDependOnTheOtherPrompts() {
        List<int[]> prompts = prompts(34);
        Sampling sampling = new Sampling(1.5, 0.9, 3);
        List<int[]> together = generator.generate(prompts, 4, sampling);
        List<int[]> fewer = generator.generate(prompts.subList(0, 7), 4, sampling);
        for (int i = 0; i < 7; i++) {
            assertArrayEquals(together.get(i), fewer.get(i), "prompt " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2000, 1 << 20})
    void answersDoNotDependOnTheMemoryThatBoundsBatches(long cacheBytes) {
        List<int[]> prompts = prompts(12);
        Sampling sampling = new Sampling(1.5, 0.9, 3);
        List<int[]> bounded =
                new Generator(model, List.of(END), cacheBytes).generate(prompts, 6, sampling);
        assertEquals(text(generator.generate(prompts, 6, sampling)), text(bounded));
    }

    @ParameterizedTest
    @MethodSource("families")
    void greedyFollowsTheArgmaxInEveryFamily(String family) {
        DecoderModel other = SmallModels.model(SmallModels.families().get(family).build());
        List<int[]> prompts = prompts(5);
        List<int[]> answers = new Generator(other, END).generate(prompts, 6, Sampling.greedy());
        for (int i = 0; i < prompts.size(); i++) {
            assertArrayEquals(naive(other, prompts.get(i), 6), answers.get(i), "prompt " + i);
        }
    }

    static Stream<String> families() {
        return SmallModels.families().keySet().stream();
    }

    @Test
    void severalIdsMayEndAnAnswer() {
        List<int[]> prompts = prompts(20);
        Sampling sampling = new Sampling(2, 1, 1);
        List<int[]> whole = generator.generate(prompts, 8, sampling);
        List<int[]> cut = new Generator(model, List.of(END, 3)).generate(prompts, 8, sampling);
        for (int i = 0; i < prompts.size(); i++) {
            int[] expected = Arrays.stream(whole.get(i)).takeWhile(id -> id != 3).toArray();
            assertArrayEquals(expected, cut.get(i), "prompt " + i);
        }
    }

    @Test
    void seedsGiveDifferentAnswers() {
        List<int[]> prompts = prompts(8);
        String first = text(generator.generate(prompts, 8, new Sampling(2, 1, 1)));
        assertEquals(first, text(generator.generate(prompts, 8, new Sampling(2, 1, 1))));
        assertTrue(!first.equals(text(generator.generate(prompts, 8, new Sampling(2, 1, 2)))));
    }

    @Test
    void leavesTheEndOfSequenceTokenOut() {
        List<int[]> answers = generator.generate(prompts(20), 8, new Sampling(2, 1, 1));
        assertTrue(answers.stream().flatMapToInt(Arrays::stream).noneMatch(id -> id == END));
        assertTrue(answers.stream().anyMatch(answer -> answer.length < 4));
    }

    @Test
    void stopsWhereThePositionsEnd() {
        int[] full = SmallModels.ids(model.config(), 1, 24, 1)[0];
        int[] answer = generator.generate(List.of(full), 9, Sampling.greedy()).get(0);
        assertTrue(answer.length <= 1, Arrays.toString(answer));
    }

    @Test
    void rejectsBadArguments() {
        assertMessage(
                "maxNewTokens must be >= 1, got 0",
                () -> generator.generate(prompts(1), 0, Sampling.greedy()));
        assertMessage(
                "row 0 must have 1 to maxLength = 24 tokens, got 0",
                () -> generator.generate(List.of(new int[0]), 1, Sampling.greedy()));
        assertMessage("endOfSequenceId must be in [0, 11), got 11", () -> new Generator(model, 11));
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }

    private static List<int[]> prompts(int count) {
        Random random = new Random(9);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(random.ints(1 + random.nextInt(12), 0, END).toArray());
        }
        return prompts;
    }

    private static String text(List<int[]> answers) {
        return answers.stream().map(Arrays::toString).toList().toString();
    }

    private static int[] naive(DecoderModel model, int[] prompt, int maxNewTokens) {
        int[] row = prompt;
        for (int i = 0; i < maxNewTokens; i++) {
            double[] last = new NaiveDecoder(model).logits(row)[row.length - 1];
            int best = 0;
            for (int j = 1; j < last.length; j++) {
                best = last[j] > last[best] ? j : best;
            }
            if (best == END) {
                break;
            }
            row = Arrays.copyOf(row, row.length + 1);
            row[row.length - 1] = best;
        }
        return Arrays.copyOfRange(row, prompt.length, row.length);
    }
}
