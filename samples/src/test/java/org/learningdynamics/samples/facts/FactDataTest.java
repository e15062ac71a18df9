package org.learningdynamics.samples.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.ResponsesExample;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.probe.ResponseKind;

class FactDataTest {
    private static final FactWorld WORLD = FactWorld.create(FactWorld.DEFAULT_SEED);

    @TempDir static Path dir;

    @BeforeAll
    static void generateAgain() {
        FactData.main(new String[] {dir.toString()});
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain.txt", "train.jsonl", "heldout.jsonl", "probes.jsonl"})
    void generatingAgainGivesTheBundledBytes(String name) throws IOException {
        try (InputStream in = TextSource.resource(FactData.class, name).open()) {
            // The repository may check text files out with the platform's line ends.
            byte[] bundled =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("\r\n", "\n")
                            .getBytes(StandardCharsets.UTF_8);
            assertTrue(
                    Arrays.equals(bundled, Files.readAllBytes(dir.resolve(name))),
                    name + " differs; run FactData again and look at the difference");
        }
    }

    @Test
    void anotherSeedGivesAnotherWorldAndOtherTexts() {
        assertNotEquals(WORLD.facts().get(0).entity(), FactWorld.create(1).facts().get(0).entity());
        assertNotEquals(
                new FactGenerator(WORLD, 1).train().get(0),
                new FactGenerator(WORLD, 2).train().get(0));
    }

    @Test
    void theWorldHoldsAThousandFactsOnEightSubjects() {
        assertEquals(1024, WORLD.facts().size());
        assertEquals(8, WORLD.facts().stream().map(Fact::subject).distinct().count());
        assertEquals(256, WORLD.facts().stream().map(Fact::entity).distinct().count());
    }

    @Test
    void everyValueOfARelationIsTrueOfEquallyManyEntities() {
        WORLD.facts().stream()
                .collect(
                        Collectors.groupingBy(
                                f -> List.of(f.subject(), f.relation().name(), f.value()),
                                Collectors.counting()))
                .forEach((value, count) -> assertEquals(4, count, value.toString()));
    }

    @Test
    void trainingAndHeldOutFactsDiffer() {
        Set<Fact> train = facts(read(FactData.train()));
        Set<Fact> heldOut = facts(read(FactData.heldOut()));
        assertEquals(760, train.size());
        assertEquals(1520, read(FactData.train()).size());
        assertEquals(264, heldOut.size());
        train.retainAll(heldOut);
        assertEquals(Set.of(), train);
    }

    @Test
    void chosenIsRightRejectedIsWrongAndBothAreWellFormed() {
        FactOracle oracle = new FactOracle();
        List<ResponsesExample> all = new ArrayList<>(read(FactData.train()));
        all.addAll(read(FactData.heldOut()));
        for (ResponsesExample e : all) {
            for (String kind : List.of(ResponseKind.CHOSEN, ResponseKind.CHOSEN_SEMANTIC)) {
                assertEquals(Verdict.RIGHT, oracle.judge(e.prompt(), e.response(kind)), e.prompt());
            }
            for (String kind : List.of(ResponseKind.REJECTED, ResponseKind.REJECTED_SEMANTIC)) {
                assertEquals(Verdict.WRONG, oracle.judge(e.prompt(), e.response(kind)), e.prompt());
            }
            String format = e.response(ResponseKind.CHOSEN_FORMAT);
            assertNotEquals(Verdict.RIGHT, oracle.judge(e.prompt(), format), format);
        }
    }

    @Test
    void phrasingVariesSoThatNoOpenerIsMostOfTheChosenResponses() {
        List<String> chosen =
                read(FactData.train()).stream().map(e -> e.response(ResponseKind.CHOSEN)).toList();
        for (String opener : Grammar.load().openers().subList(1, 8)) {
            long count = chosen.stream().filter(c -> c.startsWith(opener)).count();
            assertTrue(count > 50 && count < 500, opener + " begins " + count + " of 1520");
        }
    }

    @Test
    void probesAreTrainingPreferencesWithElevenKinds() {
        ProbeSet probes =
                ProbeSet.of("facts", JsonLines.reader(BadLines.FAIL).responses(FactData.probes()));
        assertEquals(64, probes.size());
        assertEquals(11, probes.kinds().size());
        assertEquals(64 * 11, probes.responses());
        List<ResponsesExample> train = read(FactData.train());
        probes.probes()
                .forEach(
                        p -> {
                            ResponsesExample e = train.get(p.id() - 1);
                            assertEquals(e.prompt(), p.prompt());
                            e.responses().forEach((k, t) -> assertEquals(t, p.responses().get(k)));
                        });
    }

    @Test
    void vocabularyAndSequencesAreSmall() {
        WordTokenizer tokenizer = tokenizer();
        assertTrue(tokenizer.vocabularySize() <= 900, "V = " + tokenizer.vocabularySize());
        for (ResponsesExample e : read(FactData.probes())) {
            int prompt = tokenizer.encode(e.prompt()).length;
            assertTrue(prompt >= 8 && prompt <= 16, prompt + " tokens: " + e.prompt());
            for (String text : e.responses().values()) {
                assertTrue(tokenizer.encode(text).length <= 20, text);
            }
        }
    }

    @Test
    void everyTextComesBackFromTheTokenizerUnchanged() {
        WordTokenizer tokenizer = tokenizer();
        for (ResponsesExample e : read(FactData.heldOut())) {
            assertEquals(e.prompt(), tokenizer.decode(tokenizer.encode(e.prompt())));
            for (String text : e.responses().values()) {
                assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
            }
        }
    }

    @Test
    void thePreTrainingTextStatesEveryFact() {
        List<String> lines = FactData.pretraining();
        assertEquals(FactGenerator.PRETRAINING_LINES, lines.size());
        Set<String> together = new HashSet<>();
        for (String line : lines) {
            List<String> words = List.of(line.split("[^\\p{L}]+"));
            for (String one : words) {
                words.forEach(other -> together.add(one + " " + other));
            }
        }
        for (Fact fact : WORLD.facts()) {
            assertTrue(together.contains(fact.entity() + " " + fact.value()), fact.toString());
        }
    }

    @Test
    void mainNeedsOneFolder() {
        var error =
                assertThrows(IllegalArgumentException.class, () -> FactData.main(new String[0]));
        assertEquals("one folder is needed, got 0", error.getMessage());
    }

    private static WordTokenizer tokenizer() {
        List<String> corpus = new ArrayList<>(FactData.pretraining());
        read(FactData.train()).forEach(e -> corpus.add(e.prompt()));
        return WordTokenizer.train(corpus, 5000);
    }

    private static List<ResponsesExample> read(TextSource source) {
        return JsonLines.reader(BadLines.FAIL).responses(source).examples();
    }

    private static Set<Fact> facts(List<ResponsesExample> examples) {
        return examples.stream().map(e -> WORLD.asked(e.prompt())).collect(Collectors.toSet());
    }
}
