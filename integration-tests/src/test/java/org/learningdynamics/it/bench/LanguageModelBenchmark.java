package org.learningdynamics.it.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.learningdynamics.lm.DecoderModel;

/**
 * Times a training step of a decoder, or every measure of the responses to a prompt, beside
 * PyTorch. Arguments: {@code step} or {@code probes}; {@code gpt2} or {@code gpt_neox}; vocabulary,
 * width, layers, heads, batch rows, length, prompt tokens, response tokens, responses; threads;
 * rounds; then a Python with PyTorch 1.13, which knows gpt2 only, or nothing to leave it out. Start
 * it with {@code OMP_NUM_THREADS} equal to the threads, in the root of the repository.
 */
public final class LanguageModelBenchmark {
    private static final int FIRST = 2;
    private static final int SIZES = 9;
    private static final int THREADS = FIRST + SIZES;
    private static final int PYTHON = THREADS + 2;
    private static final double MEBI = 1 << 20;
    private static final Path PEER =
            Path.of("integration-tests", "src", "test", "python", "language_model_peer.py");

    private LanguageModelBenchmark() {}

    /**
     * Runs it and prints a table.
     *
     * @param arguments work, family, sizes, threads, rounds, Python
     * @throws IOException if Python cannot be started
     */
    public static void main(String[] arguments) throws IOException {
        String work = arguments[0];
        int[] sizes =
                Arrays.stream(arguments)
                        .skip(FIRST)
                        .limit(SIZES)
                        .mapToInt(Integer::parseInt)
                        .toArray();
        int rounds = Integer.parseInt(arguments[THREADS + 1]);
        try (DecoderModel model = LanguageModelWork.model(arguments[1], sizes);
                LanguageModelWork ours = LanguageModelWork.of(work, model, sizes)) {
            Interleaved all = new Interleaved().add("ours", ours);
            if (arguments.length > PYTHON) {
                addPeer(all, work, arguments);
            }
            print(all.medians(rounds));
            System.out.printf(
                    Locale.ROOT,
                    "parameters %.0f MiB, peak resident memory %s%n",
                    4 * model.parameterCount() / MEBI,
                    peakMemory());
        }
    }

    private static void print(Map<String, Interleaved.Times> medians) {
        System.out.println("| way | CPU ms | wall ms | wall / ours | CPU / ours |");
        System.out.println("| --- | --- | --- | --- | --- |");
        Interleaved.Times ours = medians.values().iterator().next();
        medians.forEach(
                (name, times) ->
                        System.out.printf(
                                Locale.ROOT,
                                "| %s | %.0f | %.0f | %.2f | %.2f |%n",
                                name,
                                times.cpuMillis(),
                                times.wallMillis(),
                                times.wallMillis() / ours.wallMillis(),
                                times.cpuMillis() / ours.cpuMillis()));
    }

    /** As the kernel counts it; unknown elsewhere than on Linux. */
    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .map(kibi -> String.format(Locale.ROOT, "%.0f MiB", Long.parseLong(kibi) / 1024.0))
                .findFirst()
                .orElse("unknown");
    }

    private static void addPeer(Interleaved all, String work, String[] arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(arguments[PYTHON], PEER.toString()));
        command.addAll(Arrays.asList(arguments).subList(FIRST, THREADS + 1));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OPENBLAS_NUM_THREADS", arguments[THREADS]);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        BufferedWriter ask = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader answer =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        all.addTimed("PyTorch", () -> ask(ask, answer, work));
    }

    private static Interleaved.Times ask(BufferedWriter ask, BufferedReader answer, String work) {
        try {
            ask.write(work + "\n");
            ask.flush();
            String line = answer.readLine();
            if (line == null) {
                throw new IllegalStateException("PyTorch must answer \"" + work + "\", it ended");
            }
            String[] words = line.split(" ", -1);
            return new Interleaved.Times(
                    Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
