package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepConfigTest {
    private static final String SPACES = "org.deeplearning4j.arbiter.optimize.parameter.";
    private static final String SEARCH_LINE =
            "  \"search\": {\"kind\": \"genetic\", \"mutation\": 0.2},\n";
    private static final String WHOLE =
            ("{\n"
                            + "  \"name\": \"all\",\n"
                            + "  \"seed\": 7,\n"
                            + SEARCH_LINE
                            + "  \"space\": {\n"
                            + "    \"beta\": {\"@class\": \"%scontinuous.ContinuousParameterSpace\",\n"
                            + "      \"distribution\": {\"distribution\": \"LogUniformDistribution\",\n"
                            + "        \"min\": 0.01, \"max\": 1}},\n"
                            + "    \"sft_steps\": {\"@class\": \"%sinteger.IntegerParameterSpace\",\n"
                            + "      \"distribution\": {\"distribution\": \"UniformIntegerDistribution\",\n"
                            + "        \"lower\": 0, \"upper\": 9}},\n"
                            + "    \"method\": {\"@class\": \"%sdiscrete.DiscreteParameterSpace\",\n"
                            + "      \"values\": [\"dpo\", \"simpo\"]},\n"
                            + "    \"extended\": {\"@class\": \"%sBooleanSpace\"}\n"
                            + "  },\n"
                            + "  \"fixed\": {\"steps\": 20, \"optimizer\": \"adam\", \"loss.gamma\": 0.5},\n"
                            + "  \"scores\": [\"preference_margin\", \"squeezing_index\"],\n"
                            + "  \"stop\": {\"squeezing\": true, \"no_progress\": 5,\n"
                            + "    \"median\": {\"after\": 2, \"candidates\": 3}},\n"
                            + "  \"max_candidates\": 12, \"max_seconds\": 90.5, \"round\": 6,\n"
                            + "  \"workers\": 2, \"memory_mib\": 512,\n"
                            + "  \"record\": {\"times\": 6, \"influence\": true},\n"
                            + "  \"data\": {\"pairs\": \"pairs.jsonl\", \"limit\": 10}\n"
                            + "}\n")
                    .formatted(SPACES, SPACES, SPACES, SPACES);

    @TempDir private Path folder;

    private static String error(String json) {
        return String.valueOf(
                assertThrows(SweepConfigException.class, () -> SweepConfig.fromJson(json))
                        .getMessage());
    }

    /** The first candidates, which no text of a space shows. */
    private static List<String> drawn(SweepConfig config) {
        CandidateGenerator generator =
                config.search().generator(config.space(), config.seed(), false);
        return List.of(
                generator.getCandidate().getValue().toString(),
                generator.getCandidate().getValue().toString(),
                generator.getCandidate().getValue().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\": \"random\"}",
                "{\"kind\": \"grid\", \"points\": 4, \"order\": \"random\"}",
                "{\"kind\": \"genetic\", \"population\": 9, \"crossover\": 0.5, \"mutation\": 0.2}"
            })
    void comesBackFromItsOwnText(String search) {
        String json = WHOLE.replace(SEARCH_LINE, "  \"search\": " + search + ",\n");
        SweepConfig first = SweepConfig.fromJson(json);
        String text = first.toJson();
        SweepConfig second = SweepConfig.fromJson(text);
        assertEquals(text, second.toJson());
        assertEquals(first.search(), second.search());
        assertEquals(first.stopping(), second.stopping());
        assertEquals(first.limits(), second.limits());
        assertEquals(first.resources(), second.resources());
        assertEquals(first.recording(), second.recording());
        assertEquals(first.data(), second.data());
        assertEquals(drawn(first), drawn(second));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        SweepConfig config =
                SweepConfig.fromJson(
                        ("{\"space\": {\"extended\": {\"@class\": \"%sBooleanSpace\"}},"
                                        + " \"scores\": [\"wall_time\"]}")
                                .formatted(SPACES));
        assertEquals("sweep", config.name());
        assertEquals(new RandomSearch(), config.search());
        assertEquals(Resources.DEFAULT, config.resources());
        assertEquals(SweepConfig.Recording.DEFAULT, config.recording());
        assertEquals(Limits.DEFAULT_ROUND, config.limits().round());
        assertEquals(StoppingRules.NONE, config.stopping());
        assertEquals(Map.of(), config.data());
    }

    @Test
    void refusesEveryClassButTheFewSpaces() {
        for (String evil :
                List.of(
                        "java.net.URL",
                        "org.springframework.context.support.ClassPathXmlApplicationContext",
                        SPACES + "Unknown",
                        "org.deeplearning4j.arbiter.MultiLayerSpace")) {
            String json = WHOLE.replace(SPACES + "BooleanSpace", evil);
            String message = error(json);
            assertTrue(message.startsWith("line 14: @class must be one of ["), message);
            assertTrue(message.endsWith("], got " + evil), message);
        }
    }

    @Test
    void looksAtClassNamesWhereverTheyStand() {
        String hidden =
                WHOLE.replace(
                        "\"limit\": 10", "\"limit\": [{\"x\": {\"@class\": \"java.io.File\"}}]");
        assertTrue(error(hidden).contains("got java.io.File"), error(hidden));
        String escaped = WHOLE.replace("\"limit\": 10", "\"\\u0040class\": \"java.io.File\"");
        assertTrue(error(escaped).contains("got java.io.File"), error(escaped));
        String number = WHOLE.replace("\"limit\": 10", "\"@class\": 3");
        assertTrue(error(number).contains("@class must be one of"), error(number));
    }

    /** Arbiter would read its value by Java's serialisation. */
    @Test
    void refusesFixedValuesOfArbiters() {
        String fixed =
                ("{\"@class\": \"%sFixedValue\", \"@valueclass\": \"java.lang.String\","
                                + " \"data\": \"rO0ABQ==\"}")
                        .formatted(SPACES);
        String json = WHOLE.replace("{\"@class\": \"" + SPACES + "BooleanSpace\"}", fixed);
        assertEquals(
                "line 14: @class must be a space, got FixedValue; put the value in fixed",
                error(json));
        String alone = WHOLE.replace("\"limit\": 10", "\"@valueclass\": \"java.lang.String\"");
        assertEquals("line 23: keys with @ must be @class, got @valueclass", error(alone));
    }

    @Test
    void namesWhatIsWrongAndWhere() {
        assertEquals(
                "line 3: not valid JSON: ", error(WHOLE.replace("7,", "7,,")).substring(0, 24));
        assertTrue(error(WHOLE.replace("\"seed\"", "\"sead\"")).startsWith("line 3: sead: "));
        assertTrue(
                error(WHOLE.replace("\"seed\": 7", "\"name\": \"b\"")).contains("Duplicate field"));
        assertTrue(error(WHOLE + "x").startsWith("line 25: not valid JSON"), error(WHOLE + "x"));
        assertTrue(error(WHOLE.replace("genetic", "annealing")).startsWith("line 4: search: "));
        assertTrue(
                error(WHOLE.replace("0.2}", "2}"))
                        .contains("search.mutation must be in (0, 1], got 2.0"));
        assertTrue(
                error(WHOLE.replace("\"beta\": {", "\"gamma\": {"))
                        .endsWith("or loss.NAME, got unknown parameter \"gamma\""));
        assertEquals(
                "beta must be varied or fixed, got both",
                error(WHOLE.replace("\"steps\": 20", "\"beta\": 0.1")));
        assertEquals("steps must be a whole number, got 2.5", error(WHOLE.replace("20", "2.5")));
        assertEquals("method must be a text, got 3", error(WHOLE.replace("\"simpo\"", "3")));
        assertTrue(error(WHOLE.replace("preference_margin", "luck")).endsWith(", got luck"));
        assertEquals(
                "round must be >= 1, got 0", error(WHOLE.replace("\"round\": 6", "\"round\": 0")));
        assertEquals(
                "workers must be >= 1, got 0",
                error(WHOLE.replace("\"workers\": 2", "\"workers\": 0")));
        assertEquals(
                "stop.median.after must be >= 1, got 0",
                error(WHOLE.replace("\"after\": 2", "\"after\": 0")));
        String unknown = error(WHOLE.replace("LogUniformDistribution", "Log"));
        assertTrue(unknown.startsWith("line 7: space.beta.distribution: "), unknown);
        String empty = error(WHOLE.replace("\"min\": 0.01, \"max\": 1", "\"min\": 1, \"max\": 0"));
        assertTrue(empty.startsWith("line 7: space.beta.distribution: "), empty);
        assertTrue(
                error(WHOLE.replace("\"values\": [\"dpo\", \"simpo\"]", "\"values\": []"))
                        .endsWith("got none"));
    }

    @Test
    void anEmptySpaceIsAnError() {
        String message = "space must vary at least one parameter, got none";
        assertEquals(message, error("{\"scores\": [\"wall_time\"]}"));
        assertEquals(message, error("{\"space\": {}, \"scores\": [\"wall_time\"]}"));
        String single =
                ("{\"space\": {\"beta\": {\"@class\": \"%sdiscrete.DiscreteParameterSpace\","
                                + " \"values\": [0.1]}}, \"scores\": [\"wall_time\"]}")
                        .formatted(SPACES);
        assertEquals("space must vary at least one parameter, got [beta]", error(single));
    }

    @Test
    void aFileNamesItselfAndItsLine() throws Exception {
        Path file =
                Files.writeString(folder.resolve("c.json"), WHOLE.replace("\"seed\"", "\"sead\""));
        String bad =
                String.valueOf(
                        assertThrows(SweepConfigException.class, () -> SweepConfig.read(file))
                                .getMessage());
        assertTrue(bad.startsWith(file + ":3: sead: "), bad);
        Path none = folder.resolve("none.json");
        assertEquals(
                none + ": no configuration is here",
                assertThrows(SweepConfigException.class, () -> SweepConfig.read(none))
                        .getMessage());
        assertFalse(SweepConfig.read(Files.writeString(file, WHOLE)).space().names().isEmpty());
    }
}
