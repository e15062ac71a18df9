package org.learningdynamics.it.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.learningdynamics.lm.DecoderConfig;

/**
 * Compares the products of 64 probe rows and 16 learnt rows under an element-wise preconditioner,
 * among learnt rows, with two directions of the update, and the norms, with the ways that keep
 * every example's gradient: one backward pass an example in the same engine, and PyTorch's loop and
 * vmap. Arguments: width, layers, length, vocabulary, probe rows a pass, rounds; then a Python with
 * PyTorch 1.13, or nothing to leave it out, and {@code vmap} if it has functorch too. Run in the
 * root of the repository. Gradients of single examples are kept up to {@code -Dkept.mebibytes},
 * 1024 unless given: where all of them are more, as those of width 256, 4 layers, length 128 are,
 * they come and go in chunks.
 */
public final class PerExampleBenchmark {
    private static final int HEADS = 4;
    private static final int PROBES = 64;
    private static final int BATCH = 16;
    private static final double MEBI = 1 << 20;
    private static final Path PEER =
            Path.of("integration-tests", "src", "test", "python", "influence_peer.py");

    private PerExampleBenchmark() {}

    /**
     * Runs it and prints a table.
     *
     * @param arguments sizes, rounds, Python
     * @throws IOException if Python cannot be started
     */
    public static void main(String[] arguments) throws IOException {
        int[] sizes = Arrays.stream(arguments).limit(6).mapToInt(Integer::parseInt).toArray();
        DecoderConfig config =
                DecoderConfig.builder(sizes[3])
                        .width(sizes[0])
                        .layers(sizes[1])
                        .heads(HEADS)
                        .maxLength(sizes[2])
                        .build();
        FactoredProducts factored =
                new FactoredProducts(
                        config, new FactoredProducts.Size(PROBES, BATCH, sizes[2], sizes[4]));
        PerExampleProducts single =
                new PerExampleProducts(factored, Long.getLong("kept.mebibytes", 1024) << 20);
        Interleaved all =
                new Interleaved()
                        .add("ours", factored::run)
                        .add("one backward an example", single::run);
        if (arguments.length > 6) {
            List<String> ways =
                    arguments.length > 7 ? List.of("loop", arguments[7]) : List.of("loop");
            addPeer(all, arguments[6], ways, sizes);
        }
        Map<String, Interleaved.Times> medians = all.medians(sizes[5]);
        System.out.printf(
                Locale.ROOT,
                "largest difference / (norm · norm): %.1e, of norms %.1e; held at most: ours %.0f"
                        + " MiB, one backward an example %.0f MiB; gradients of all examples: %.0f"
                        + " MiB, ours %.2f of it%n",
                single.difference(),
                single.normDifference(),
                factored.heldBytes() / MEBI,
                single.heldBytes() / MEBI,
                single.allBytes() / MEBI,
                (double) factored.heldBytes() / single.allBytes());
        print(medians);
    }

    private static void print(Map<String, Interleaved.Times> medians) {
        System.out.println("| way | CPU ms | wall ms | CPU / ours |");
        System.out.println("| --- | --- | --- | --- |");
        double ours = medians.values().iterator().next().cpuMillis();
        medians.forEach(
                (name, times) ->
                        System.out.printf(
                                Locale.ROOT,
                                "| %s | %.0f | %.0f | %.2f |%n",
                                name,
                                times.cpuMillis(),
                                times.wallMillis(),
                                times.cpuMillis() / ours));
    }

    private static void addPeer(Interleaved all, String python, List<String> ways, int[] sizes)
            throws IOException {
        int[] given = {sizes[0], sizes[1], sizes[2], sizes[3], HEADS, PROBES, BATCH};
        List<String> command = new ArrayList<>(List.of(python, PEER.toString()));
        Arrays.stream(given).mapToObj(Integer::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        BufferedWriter ask = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader answer =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String way : ways) {
            all.addTimed("PyTorch, " + way, () -> ask(ask, answer, way));
        }
    }

    private static Interleaved.Times ask(BufferedWriter ask, BufferedReader answer, String way) {
        try {
            ask.write(way + "\n");
            ask.flush();
            String line = answer.readLine();
            if (line == null) {
                throw new IllegalStateException("PyTorch must answer \"" + way + "\", it ended");
            }
            String[] words = line.split(" ", -1);
            return new Interleaved.Times(
                    Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
