package org.learningdynamics.it.audit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the repair of gather changes in a process, and that it does so only when asked. */
@Timeout(180)
class GradientRepairsProcessTest {
    private static final int SOURCES = 2;

    @TempDir Path folder;

    private Map<String, String> facts(String program) throws IOException, InterruptedException {
        Path output = folder.resolve(program + ".txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:ErrorFile=/dev/null",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RepairProgram.class.getName(),
                                program)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int code = process.waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(0, code, text);
        return text.lines()
                .filter(line -> line.startsWith("FACT\t"))
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[2]));
    }

    @Test
    void loadingEveryClassOfTheLibraryChangesNothing() throws Exception {
        Map<String, String> facts = facts("untouched");
        assertTrue(Integer.parseInt(facts.get("classes")) > 100, facts.toString());
        assertEquals("false", facts.get("installed"));
        assertEquals("Gather", facts.get("registered"));
        assertEquals("1", facts.get("audit"));
        assertEquals(
                "gather must be registered as org.nd4j.linalg.api.ops.impl.shape.Gather to be"
                        + " repaired, got "
                        + RepairProgram.class.getName()
                        + "$OwnGather",
                facts.get("refused"));
    }

    @Test
    void installedBeforeEverythingElseItIsRight() throws Exception {
        assertRepaired(facts("early"));
    }

    @Test
    void installedLaterItIsRightForGradientFunctionsMadeFromThenOn() throws Exception {
        Map<String, String> facts = facts("late");
        assertEquals("Gather", facts.get("registered before"));
        assertEquals("1", facts.get("audit before"));
        assertEquals("1", facts.get("audit of one differentiated before"));
        assertEquals("0", facts.get("audit of it, made anew"));
        assertSmall(facts, "error of it, made anew");
        assertEquals("0", facts.get("audit of one defined before"));
        assertSmall(facts, "error of one defined before");
        assertRepaired(facts);
    }

    private static void assertRepaired(Map<String, String> facts) {
        assertEquals("true", facts.get("installed"));
        assertEquals("RepairedGather", facts.get("registered"));
        assertEquals("0", facts.get("audit"));
        Map<String, String> cases = startingWith(facts, "case ");
        assertEquals(new RepairedGatherCases().cases().size() * SOURCES, cases.size());
        assertAll(
                cases.entrySet().stream()
                        .map(e -> () -> assertTrue(e.getValue().startsWith("EXACT"), e::toString)));
        assertEquals("EXACT", facts.get("last axis"));
        assertTrue(
                facts.get("last axis of an activation")
                        .endsWith(
                                "the axis must be >= 0 where the rank of the table is not known"
                                        + " beforehand, got -1"),
                facts.toString());
        assertTrue(
                facts.get("matrix of indices into a vector")
                        .endsWith(
                                "the indices into a table of rank 1 must be of rank 0 or 1 (ND4J"
                                        + " would end the process), got rank 2"),
                facts.toString());
        assertSmall(facts, "step");
        assertSmall(facts, "copy");
    }

    private static Map<String, String> startingWith(Map<String, String> facts, String start) {
        return facts.keySet().stream()
                .filter(name -> name.startsWith(start))
                .collect(Collectors.toMap(Function.identity(), facts::get));
    }

    private static void assertSmall(Map<String, String> facts, String name) {
        assertTrue(Double.parseDouble(facts.get(name)) < 1e-8, () -> name + " of " + facts);
    }
}
