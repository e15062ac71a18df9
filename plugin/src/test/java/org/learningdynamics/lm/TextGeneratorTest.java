package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.JsonLinesWriter;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;

class TextGeneratorTest {
    private static final List<String> PROMPTS = List.of("abc", "", "a longer prompt", "\u00E9");
    private static final SequenceEncoder ENCODER =
            new SequenceEncoder(new ByteTokenizer(), new Truncation(64, 32, KeepPrompt.END));

    private final DecoderModel model =
            DecoderModel.create(
                    DecoderConfig.builder(258).width(8).heads(2).layers(1).maxLength(64).build());

    private TextGenerator.Builder drawn() {
        return TextGenerator.builder(model, ENCODER)
                .maxNewTokens(24)
                .sampling(new Sampling(1.2, 1, 5));
    }

    @Test
    void anAnswerEndsAtTheFirstStopTextAlsoBetweenTokens() {
        List<GeneratedText> free = drawn().build().generate(PROMPTS);
        for (int i = 0; i < PROMPTS.size(); i++) {
            String text = free.get(i).text();
            String stop = text.substring(4, 6); // two bytes or more: two tokens or more
            int at = text.indexOf(stop);
            GeneratedText cut =
                    drawn().stop(List.of("never there", stop)).build().generate(PROMPTS).get(i);
            assertEquals(text.substring(0, at), cut.text());
            assertEquals(Finish.STOP_TEXT, cut.finish());
            assertTrue(cut.tokens() < free.get(i).tokens());
        }
    }

    @Test
    void theEarliestOfSeveralStopTextsCounts() {
        String text = drawn().build().generate(PROMPTS).get(0).text();
        List<String> stops = List.of(text.substring(5, 7), text.substring(2, 4));
        int first = Math.min(text.indexOf(stops.get(0)), text.indexOf(stops.get(1)));
        GeneratedText cut = drawn().stop(stops).build().generate(PROMPTS).get(0);
        assertEquals(text.substring(0, first), cut.text());
    }

    @Test
    void severalIdsMayEndAnAnswer() {
        List<Integer> all = new ArrayList<>();
        for (int id = 0; id < 258; id++) {
            all.add(id);
        }
        GeneratedText none = drawn().stopIds(all).build().generate(PROMPTS).get(0);
        assertEquals(new GeneratedText("", 0, Finish.END_TOKEN), none);
    }

    @Test
    void anAnswerEndsWhereTokensOrPositionsEnd() {
        GeneratedText answer = drawn().maxNewTokens(3).build().generate(PROMPTS).get(0);
        assertEquals(3, answer.tokens());
        assertEquals(Finish.LENGTH, answer.finish());
        String prompt = "x".repeat(60);
        SequenceEncoder encoder =
                new SequenceEncoder(new ByteTokenizer(), new Truncation(65, 64, KeepPrompt.END));
        GeneratedText full =
                TextGenerator.builder(model, encoder)
                        .maxNewTokens(24)
                        .sampling(new Sampling(1, 1, 1))
                        .build()
                        .generate(List.of(prompt))
                        .get(0);
        assertEquals(5, full.tokens());
    }

    @Test
    void samplesOfAPromptAreDrawnApart() {
        List<List<GeneratedText>> answers = drawn().build().generate(PROMPTS, 3);
        assertEquals(PROMPTS.size(), answers.size());
        for (List<GeneratedText> each : answers) {
            assertEquals(3, each.stream().map(GeneratedText::text).distinct().count());
        }
        assertEquals(answers, drawn().build().generate(PROMPTS, 3));
        assertFalse(
                answers.equals(
                        drawn().sampling(new Sampling(1.2, 1, 6)).build().generate(PROMPTS, 3)));
    }

    @Test
    void tellsHowManyAnswersHaveEnded() {
        List<Integer> told = new ArrayList<>();
        drawn().progress(told::add).build().generate(PROMPTS, 2);
        assertEquals(8, told.get(told.size() - 1));
        assertEquals(told.stream().sorted().toList(), told);
    }

    @Test
    void rejectsBadSettings() {
        assertMessage("maxNewTokens must be >= 1, got 0", () -> drawn().maxNewTokens(0));
        assertMessage(
                "stop texts must not be empty, got \"\"", () -> drawn().stop(List.of("a", "")));
        assertMessage("samples must be >= 1, got 0", () -> drawn().build().generate(PROMPTS, 0));
        assertMessage(
                "endOfSequenceId must be in [0, 258), got 300",
                () -> drawn().stopIds(List.of(300)).build());
    }

    @Test
    void pairsAreOrderedByTheScorerAndTiesAreCounted() {
        AnswerScorer byLetters = (prompt, answer) -> prompt.isEmpty() ? 1 : answer.hashCode();
        SampledPairs sampled = SampledPairs.draw(PROMPTS, drawn().build(), byLetters);
        List<List<GeneratedText>> answers = drawn().build().generate(PROMPTS, 2);
        assertEquals(1, sampled.ties());
        assertEquals(List.of(1L, 3L, 4L), sampled.pairs().stream().map(p -> p.id()).toList());
        for (PreferenceExample pair : sampled.pairs()) {
            assertTrue(pair.chosen().hashCode() > pair.rejected().hashCode());
            IntFunction<String> drawn = i -> answers.get((int) pair.id() - 1).get(i).text();
            assertEquals(
                    List.of(drawn.apply(0), drawn.apply(1)).stream().sorted().toList(),
                    List.of(pair.chosen(), pair.rejected()).stream().sorted().toList());
        }
    }

    @Test
    void greedyAnswersAreTies() {
        TextGenerator greedy = TextGenerator.builder(model, ENCODER).maxNewTokens(4).build();
        SampledPairs sampled = SampledPairs.draw(PROMPTS, greedy, (prompt, answer) -> 1);
        assertEquals(new SampledPairs(List.of(), 4), sampled);
    }

    @Test
    void pairsAreReadBackAsPreferences(@TempDir Path folder) {
        SampledPairs sampled =
                SampledPairs.draw(PROMPTS, drawn().build(), (p, answer) -> answer.hashCode());
        Path file = folder.resolve("pairs.jsonl");
        JsonLinesWriter.write(file, sampled.lines());
        assertTrue(Files.exists(file));
        List<PreferenceExample> read =
                JsonLines.reader(BadLines.FAIL).preferences(TextSource.file(file)).examples();
        assertEquals(sampled.pairs(), read);
    }

    @Test
    void refusesScoresThatAreNoNumbers() {
        assertMessage(
                "scores must be finite, got NaN",
                () -> SampledPairs.draw(PROMPTS, drawn().build(), (p, a) -> Double.NaN));
    }

    @Test
    void logProbabilityScoresSumOrAverageTokens() {
        LogProbabilityScorer sum =
                new LogProbabilityScorer(model, ENCODER, LogProbabilityScorer.Length.SUM);
        LogProbabilityScorer mean =
                new LogProbabilityScorer(model, ENCODER, LogProbabilityScorer.Length.MEAN);
        double expected =
                new ResponseScorer(model).logProbs(List.of(ENCODER.encode("abc", "de")))[0];
        assertEquals(expected, sum.score("abc", "de"), 1e-9);
        assertEquals(expected / 3, mean.score("abc", "de"), 1e-9);
    }

    private static void assertMessage(String message, Executable code) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
    }
}
