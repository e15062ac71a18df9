package org.learningdynamics.it.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.learningdynamics.lm.DecoderConfig;

/**
 * How time and memory of {@link FactoredProducts} grow with probe rows, batch, length and width,
 * each by itself while the others are at a default, beside what the formulas of {@link
 * org.learningdynamics.influence.GradientInteractions} let expect. Prints one line a size and a
 * Markdown table of exponents: slopes of a least-squares line through the logarithms, of the
 * measured values and of the formulas at the same sizes.
 *
 * <p>With P parameters, R probe rows, B learnt rows and T positions, time is expected to grow as
 * {@code 3·P·(R + B)·T} for the passes and {@code P·(R·T + B·T + R·B)} for explicit gradients and
 * their products; held bytes as factors {@code 4·(min(R, rows of a pass) + B)·T·Σ(d + p)} over all
 * matrices {@code [d, p]}. What does not grow, the memory of blocks and the call of an operation,
 * makes measured exponents smaller.
 *
 * <p>Arguments: rounds; then any of {@code probes=16,64,256,1024}, {@code batch=4,16,64}, {@code
 * length=16,32,64,128}, {@code width=64,128,256}, which are swept if not given otherwise.
 */
public final class GrowthBenchmark {
    private static final int LAYERS = 2;
    private static final int VOCABULARY = 1000;
    private static final int HEADS = 4;
    private static final int ROWS_OF_PASS = 64;
    private static final int WARM_UPS = 2;
    private static final Point DEFAULT = new Point(64, 16, 40, 128);

    private GrowthBenchmark() {}

    /** Sizes of a measurement. */
    private record Point(int probes, int batch, int length, int width) {
        Point with(String axis, int value) {
            return switch (axis) {
                case "probes" -> new Point(value, batch, length, width);
                case "batch" -> new Point(probes, value, length, width);
                case "length" -> new Point(probes, batch, value, width);
                case "width" -> new Point(probes, batch, length, value);
                default ->
                        throw new IllegalArgumentException(
                                "what grows must be probes, batch, length or width, got " + axis);
            };
        }
    }

    /** What was measured at a size, and what the formulas give. */
    private record Result(
            int value, double millis, double bytes, double expectedTime, double expectedBytes) {}

    /**
     * Runs it and prints the table.
     *
     * @param arguments rounds, sizes
     */
    public static void main(String[] arguments) {
        int rounds = Integer.parseInt(arguments[0]);
        Map<String, int[]> axes = new LinkedHashMap<>();
        axes.put("probes", new int[] {16, 64, 256, 1024});
        axes.put("batch", new int[] {4, 16, 64});
        axes.put("length", new int[] {16, 32, 64, 128});
        axes.put("width", new int[] {64, 128, 256});
        for (int i = 1; i < arguments.length; i++) {
            String[] parts = arguments[i].split("=", 2);
            axes.put(
                    parts[0],
                    Arrays.stream(parts[1].split(",", -1)).mapToInt(Integer::parseInt).toArray());
        }
        Map<String, Result[]> results = new LinkedHashMap<>();
        axes.forEach(
                (axis, values) ->
                        results.put(
                                axis,
                                Arrays.stream(values)
                                        .mapToObj(value -> measure(axis, value, rounds))
                                        .toArray(Result[]::new)));
        print(results);
    }

    private static Result measure(String axis, int value, int rounds) {
        Point point = DEFAULT.with(axis, value);
        DecoderConfig config =
                DecoderConfig.builder(VOCABULARY)
                        .width(point.width())
                        .layers(LAYERS)
                        .heads(HEADS)
                        .maxLength(point.length())
                        .build();
        FactoredProducts.Size size =
                new FactoredProducts.Size(
                        point.probes(), point.batch(), point.length(), ROWS_OF_PASS);
        try (FactoredProducts products = new FactoredProducts(config, size)) {
            double millis = median(products, rounds);
            Result result =
                    new Result(
                            value,
                            millis,
                            products.heldBytes(),
                            expectedTime(products),
                            expectedBytes(products));
            System.out.printf(
                    Locale.ROOT,
                    "%s %d: %.1f CPU ms, %.1f MiB%n",
                    axis,
                    value,
                    millis,
                    result.bytes() / (1 << 20));
            return result;
        }
    }

    private static double median(FactoredProducts products, int rounds) {
        double[] millis = new double[rounds];
        for (int round = -WARM_UPS; round < rounds; round++) {
            double cpu = Interleaved.time(products::run).cpuMillis();
            if (round >= 0) {
                millis[round] = cpu;
            }
        }
        Arrays.sort(millis);
        return millis[rounds / 2];
    }

    private static double expectedTime(FactoredProducts products) {
        FactoredProducts.Size size = products.size();
        double parameters = products.parameters().stream().mapToDouble(p -> p.size()).sum();
        double r = size.probes();
        double b = size.batch();
        double t = size.length();
        return parameters * (3 * (r + b) * t + r * t + b * t + r * b);
    }

    private static double expectedBytes(FactoredProducts products) {
        FactoredProducts.Size size = products.size();
        double rows = Math.min(size.probes(), size.rowsOfPass()) + size.batch();
        double extents =
                products.parameters().stream()
                        .filter(p -> p.rows() > 1)
                        .mapToDouble(p -> p.rows() + p.columns())
                        .sum();
        return Float.BYTES * rows * size.length() * extents;
    }

    private static void print(Map<String, Result[]> results) {
        System.out.println("| grows | sizes | time ^ | expected | held bytes ^ | expected |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        results.forEach(
                (axis, all) ->
                        System.out.printf(
                                Locale.ROOT,
                                "| %s | %d … %d | %.2f | %.2f | %.2f | %.2f |%n",
                                axis,
                                all[0].value(),
                                all[all.length - 1].value(),
                                exponent(all, Result::millis),
                                exponent(all, Result::expectedTime),
                                exponent(all, Result::bytes),
                                exponent(all, Result::expectedBytes)));
    }

    /** Slope of the logarithm over that of the size, by least squares. */
    private static double exponent(Result[] results, ToDoubleFunction<Result> value) {
        double meanX = 0;
        double meanY = 0;
        for (Result result : results) {
            meanX += Math.log(result.value()) / results.length;
            meanY += Math.log(value.applyAsDouble(result)) / results.length;
        }
        double products = 0;
        double squares = 0;
        for (Result result : results) {
            double x = Math.log(result.value()) - meanX;
            products += x * (Math.log(value.applyAsDouble(result)) - meanY);
            squares += x * x;
        }
        return products / squares;
    }
}
