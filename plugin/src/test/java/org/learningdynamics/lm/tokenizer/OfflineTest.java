package org.learningdynamics.lm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading a tokenizer asks for no connection and leaves nothing in the home folder. */
class OfflineTest {
    @TempDir Path home;
    @TempDir Path temporary;
    @TempDir Path model;

    @Test
    void asksForNoConnectionAndLeavesNoFiles() throws Exception {
        List<String> lines = run("ours", List.of());
        assertEquals(List.of("decoded the cat", "done"), lines);
        assertTrue(isEmpty(home), "home folder");
        assertTrue(isEmpty(temporary), "temporary folder");
    }

    /** What the other tests' traps are there for: without this package DJL asks for connections. */
    @Test
    void theTrapsSeeWhatDjlAsksFor() throws Exception {
        List<String> lines = run("djl", List.of());
        assertTrue(
                lines.contains("asked http://169.254.169.254/latest/api/token"), lines::toString);
        assertFalse(isEmpty(home), "home folder");
    }

    @Test
    void theLibraryStaysInAChosenFolder() throws Exception {
        Path cache = temporary.resolve("cache");
        List<String> lines = run("ours", List.of("-DENGINE_CACHE_DIR=" + cache));
        assertEquals(List.of("decoded the cat", "done"), lines);
        try (Stream<Path> files = Files.walk(cache)) {
            assertEquals(1, files.filter(Files::isRegularFile).count());
        }
        assertTrue(isEmpty(home), "home folder");
    }

    @Test
    void refusesAnEnvironmentThatForbidsToStayOffline() throws Exception {
        ProcessBuilder builder = process("ours", List.of());
        builder.environment().put("DJL_OFFLINE", "false");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor());
        assertTrue(
                output.contains(
                        "the environment variable DJL_OFFLINE must be true or unset, got false"),
                output);
    }

    private List<String> run(String who, List<String> options) throws Exception {
        Process process = process(who, options).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().filter(line -> line.matches("(asked|decoded|done).*")).toList();
    }

    private ProcessBuilder process(String who, List<String> options) {
        SmallTokenizer.GPT2.write(model);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Duser.home=" + home);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-XX:-UsePerfData");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(OfflineProcess.class.getName(), who, model.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        List.of("DJL_OFFLINE", "OPT_OUT_TRACKING", "ENGINE_CACHE_DIR", "DJL_CACHE_DIR")
                .forEach(builder.environment()::remove);
        return builder;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
