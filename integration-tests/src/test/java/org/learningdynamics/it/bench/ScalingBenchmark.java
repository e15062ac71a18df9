package org.learningdynamics.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.spark.SparkInfluence;
import org.learningdynamics.train.ProjectedAttribution;

/**
 * Measures small points of what work on Spark costs, and prints tables for docs/scaling.md.
 * Arguments: {@code pieces}, what a task does by parameters, tokens and projection, in CPU time of
 * the one thread that does it; or {@code workers}, a whole job on one and two threads of Spark, in
 * wall-clock time, with the bytes that it leaves.
 */
public final class ScalingBenchmark {
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 20;
    private static final int LAYERS = 4;
    private static final int EXAMPLES = 48;

    private final PrintStream out;
    private final Path folder;

    private ScalingBenchmark(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder;
    }

    /**
     * Runs one benchmark.
     *
     * @param arguments which
     * @throws IOException if a scratch folder cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        ScalingBenchmark benchmark =
                new ScalingBenchmark(System.out, Files.createTempDirectory("scaling"));
        switch (arguments[0]) {
            case "pieces" -> benchmark.pieces();
            case "workers" -> benchmark.workers();
            default ->
                    throw new IllegalArgumentException(
                            "the benchmark must be pieces or workers, got " + arguments[0]);
        }
    }

    private void pieces() throws IOException {
        try (ScalingTask warmUp = new ScalingTask(folder, 64, LAYERS, 64, 1024, ScalingTask.ROWS)) {
            for (int i = 0; i < WARM_UP; i++) {
                warmUp.probe();
                warmUp.gradients();
            }
        }
        row("width", "parameters", "tokens", "k", "probing", "gradient", "probing", "gradient");
        row("", "", "a row", "", "ms a row", "ms an example", "GFLOP/s", "GFLOP/s");
        for (int[] point :
                new int[][] {
                    {64, 64, 1024},
                    {128, 64, 1024},
                    {256, 64, 1024},
                    {128, 32, 1024},
                    {128, 128, 1024},
                    {128, 64, 4096}
                }) {
            piece(point[0], point[1], point[2]);
        }
        row("products", "k", "ns a product");
        for (int k : new int[] {1024, 4096}) {
            row("probe row × response", Integer.toString(k), number(productNanos(k)));
        }
    }

    private void piece(int width, int tokens, int k) throws IOException {
        try (ScalingTask task =
                new ScalingTask(folder, width, LAYERS, tokens, k, ScalingTask.ROWS)) {
            double probing = millis(task::probe) / ScalingTask.ROWS;
            double gradient = millis(task::gradients) / ScalingTask.ROWS;
            double flops = 2.0 * task.parameters() * tokens / 1e6;
            row(
                    Integer.toString(width),
                    Long.toString(task.parameters()),
                    Integer.toString(tokens),
                    Integer.toString(k),
                    number(probing),
                    number(gradient),
                    number(flops / probing),
                    number(5 * flops / gradient));
        }
    }

    /** Median CPU time of this thread, after a first round that is not counted. */
    private static double millis(Runnable work) {
        work.run();
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = cpuNanos();
            work.run();
            times[i] = (cpuNanos() - start) / 1e6;
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double productNanos(int k) {
        int probes = 500;
        Random random = new Random(1);
        double[][] rows = vectors(random, probes, k);
        double[][] parts = vectors(random, 2, k);
        Supplier<ProjectedAttribution> sum =
                () -> new ProjectedAttribution(InfluenceForm.DOT, probes);
        double millis =
                millis(
                        () -> {
                            for (int i = 0; i < 20; i++) {
                                sum.get().add(1, rows, new double[probes], parts);
                            }
                        });
        return millis * 1e6 / (20 * probes * parts.length);
    }

    private static double[][] vectors(Random random, int count, int k) {
        return Stream.generate(() -> random.doubles(k).toArray())
                .limit(count)
                .toArray(double[][]::new);
    }

    private void workers() throws IOException {
        row("threads", "s", "bytes a stored gradient");
        try (ScalingTask task = new ScalingTask(folder, 128, LAYERS, 64, 1024, EXAMPLES)) {
            for (int threads : new int[] {1, 2, 1, 2}) {
                try (SparkSession spark = session(threads)) {
                    Path to = Files.createTempDirectory(folder, "job");
                    spark.range(10).count();
                    long start = System.nanoTime();
                    SparkInfluence.of(spark, task.job()).blocksPerTask(1).run(to.toString());
                    double seconds = (System.nanoTime() - start) / 1e9;
                    row(
                            Integer.toString(threads),
                            number(seconds),
                            number(bytes(to.resolve("gradients/example.parquet")) / EXAMPLES));
                }
            }
        }
    }

    private static SparkSession session(int threads) {
        return SparkSession.builder()
                .master("local[" + threads + "]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", threads)
                .getOrCreate();
    }

    private static double bytes(Path parquet) throws IOException {
        try (Stream<Path> files = Files.list(parquet)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private void row(String... cells) {
        out.println("| " + String.join(" | ", cells) + " |");
    }
}
