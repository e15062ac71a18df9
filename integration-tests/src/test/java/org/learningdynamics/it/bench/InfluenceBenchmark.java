package org.learningdynamics.it.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.learningdynamics.listener.Schedule;

/**
 * Measures what influence costs, and prints a table for docs/benchmarks.md. Arguments: what ({@code
 * step}, {@code interval}), which model ({@code decoder}, {@code LeNet}, {@code LSTM}), and the
 * number of rounds (10). Times are medians of CPU time of all Java threads, taken in turns with
 * what they are compared to; wall-clock times beside them.
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
     * @param arguments what, of which model, and how often
     */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_ROUNDS;
        InfluenceBenchmark benchmark = new InfluenceBenchmark(System.out, rounds);
        switch (arguments[0]) {
            case "step" -> benchmark.step(arguments[1]);
            case "interval" -> benchmark.interval(arguments[1]);
            default ->
                    throw new IllegalArgumentException(
                            "the benchmark must be step or interval, got " + arguments[0]);
        }
    }

    private static RecordedHost host(String name, Schedule schedule) {
        Function<Schedule, RecordedHost> maker = HOSTS.get(name);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "the model must be one of " + HOSTS.keySet() + ", got " + name);
        }
        return maker.apply(schedule);
    }

    private void step(String name) {
        try (RecordedHost host = host(name, Schedule.every(1))) {
            Map<String, Interleaved.Times> all =
                    new Interleaved()
                            .add("update", host::update)
                            .add("recorded", host::recordedUpdate)
                            .add("probes F+B", host::probeGradients)
                            .add("probes F", host::probeLogits)
                            .add("batch F+B", host::batchGradients)
                            .medians(rounds);
            row("model", String.join(" | ", all.keySet()), "ratio", "ratio with batch");
            line(8);
            print(name + ", CPU ms", all, Interleaved.Times::cpuMillis);
            print(name + ", wall ms", all, Interleaved.Times::wallMillis);
        }
    }

    private void print(
            String name,
            Map<String, Interleaved.Times> all,
            ToDoubleFunction<Interleaved.Times> unit) {
        double[] ms = all.values().stream().mapToDouble(unit).toArray();
        String times =
                Arrays.stream(ms)
                        .mapToObj(InfluenceBenchmark::millis)
                        .collect(Collectors.joining(" | "));
        double extra = ms[1] - ms[0];
        double probes = ms[2] + ms[3];
        row(name, times, ratio(extra / probes), ratio(extra / (probes + ms[4])));
    }

    private void interval(String name) {
        try (RecordedHost host = host(name, Schedule.every(INTERVAL))) {
            Map<String, Interleaved.Times> all =
                    new Interleaved()
                            .add(INTERVAL + " updates", () -> repeat(host::update))
                            .add("with one recording", () -> repeat(host::recordedUpdate))
                            .medians(rounds);
            row("model", String.join(" | ", all.keySet()), "ratio");
            line(4);
            printInterval(name + ", CPU ms", all, Interleaved.Times::cpuMillis);
            printInterval(name + ", wall ms", all, Interleaved.Times::wallMillis);
        }
    }

    private void printInterval(
            String name,
            Map<String, Interleaved.Times> all,
            ToDoubleFunction<Interleaved.Times> unit) {
        double[] ms = all.values().stream().mapToDouble(unit).toArray();
        row(name, millis(ms[0]), millis(ms[1]), ratio(ms[1] / ms[0]));
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
