package org.learningdynamics.it.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same training in processes of their own, twice without a listener and once with one. */
class FreshProcessesTest {
    private static final int HOSTS = 3;

    @TempDir Path folder;

    @Test
    void parametersAreTheSameBitForBitInEveryProcess() throws IOException, InterruptedException {
        List<String> control = digests();
        assertEquals(HOSTS, control.size());
        assertEquals(control, digests());
        assertEquals(control, digests(folder.toString()));
        assertTrue(Files.size(folder.resolve("dpo.ldyn")) > 0);
    }

    private List<String> digests(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(HostDigests.class.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "digests", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int code = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        assertEquals(0, code, () -> String.join("\n", lines));
        return lines.stream().filter(line -> line.startsWith("digest ")).toList();
    }
}
