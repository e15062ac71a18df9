package org.learningdynamics.it.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.learningdynamics.listener.Schedule;

/**
 * Measures what influence costs, and prints a table for docs/benchmarks.md. Arguments: what
 * ({@code step}, {@code interval}), and the number of rounds (10). Times are medians of CPU time of
 * all Java threads, taken in turns with what they are compared to; wall-clock times beside them.
 */
public final class InfluenceBenchmark {
    private static final int DEFAULT_ROUNDS = 10;
    private static final int INTERVAL = 50;

    private final PrintStream out;
    private final int rounds;

    private InfluenceBenchmark(PrintStream out, int rounds) {
        this.out = out;
        this.rounds = rounds;
    }

    private static final Map<String, Function<Schedule, RecordedHost>> HOSTS =
            Map.of(
                    "decoder", DecoderHost::new,
                    "LeNet", NetworkHost::leNet,
                    "LSTM", NetworkHost::lstm);

    /**
     * Runs one benchmark.
     *
     * @param arguments what, and how often
     */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        InfluenceBenchmark benchmark = new InfluenceBenchmark(System.out, rounds);
        switch (arguments[0]) {
            case "step" -> benchmark.step();
            case "interval" -> benchmark.interval();
            default ->
                    throw new IllegalArgumentException(
                            "the benchmark must be step or interval, got " + arguments[0]);
        }
    }

    private void step() {
        row("model", "update", "recorded", "probes F+B", "probes F", "batch F+B", "share", "+batch");
        line(8);
        for (String name : List.of("decoder", "LeNet", "LSTM")) {
            try (RecordedHost host = HOSTS.get(name).apply(Schedule.every(1))) {
                Map<String, Interleaved.Times> all =
                        new Interleaved()
                                .add("update", host::update)
                                .add("recorded", host::recordedUpdate)
                                .add("probes F+B", host::probeGradients)
                                .add("probes F", host::probeLogits)
                                .add("batch F+B", host::batchGradients)
                                .medians(rounds);
                print(name + ", CPU ms", all, Interleaved.Times::cpuMillis);
                print(name + ", wall ms", all, Interleaved.Times::wallMillis);
            }
        }
    }

    private void print(
            String name,
            Map<String, Interleaved.Times> all,
            Function<Interleaved.Times, Double> unit) {
        double[] ms = all.values().stream().mapToDouble(unit::apply).toArray();
        double extra = ms[1] - ms[0];
        row(
                name,
                millis(ms[0]),
                millis(ms[1]),
                millis(ms[2]),
                millis(ms[3]),
                millis(ms[4]),
                ratio(extra / (ms[2] + ms[3])),
                ratio(extra / (ms[2] + ms[3] + ms[4])));
    }

    private void interval() {
        row("model", INTERVAL + " updates", "with one recording", "ratio");
        line(4);
        for (String name : List.of("decoder", "LeNet", "LSTM")) {
            try (RecordedHost host = HOSTS.get(name).apply(Schedule.every(INTERVAL))) {
                Map<String, Interleaved.Times> all =
                        new Interleaved()
                                .add("without", () -> repeat(host::update))
                                .add("with", () -> repeat(host::recordedUpdate))
                                .medians(rounds);
                Interleaved.Times with = all.get("with");
                Interleaved.Times without = all.get("without");
                row(
                        name + ", CPU ms",
                        millis(without.cpuMillis()),
                        millis(with.cpuMillis()),
                        ratio(with.cpuMillis() / without.cpuMillis()));
                row(
                        name + ", wall ms",
                        millis(without.wallMillis()),
                        millis(with.wallMillis()),
                        ratio(with.wallMillis() / without.wallMillis()));
            }
        }
    }

    private static void repeat(Runnable update) {
        for (int i = 0; i < INTERVAL; i++) {
            update.run();
        }
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private void row(String... cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }

    private void line(int cells) {
        String[] dashes = new String[cells];
        Arrays.fill(dashes, "---");
        row(dashes);
    }
}
