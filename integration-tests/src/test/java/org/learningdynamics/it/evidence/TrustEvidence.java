package org.learningdynamics.it.evidence;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.samples.digits.DigitImages;
import org.learningdynamics.samples.digits.DigitModel;
import org.learningdynamics.samples.digits.DigitRecipe;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.learningdynamics.series.Quantiles;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * How far first-order predictions hold in the digits sample: a network is trained for some epochs
 * by the sample's recipe, then goes on at several rates with its momentum at rest, and every fourth
 * update's predicted changes of held-out images' log-probabilities are compared with the actual
 * ones. Noise is the median difference between a recorded log-probability and that of the same
 * parameters in double precision. Arguments: {@code lenet} (the default) or {@code mlp}, seeds (1
 * to 5).
 */
public final class TrustEvidence {
    private static final int INTERVAL = 4;
    private static final double[] RATES = {3e-2, 1e-2, 3e-3, 1e-3};

    private final DigitModel model;
    private final Size size;
    private final DigitImages train;
    private final HeldOutDigits probes;

    /**
     * How much is done.
     *
     * @param images training images
     * @param warmUp updates at the sample's own rate, not recorded
     * @param updates updates after that
     * @param probes held-out images
     * @param seed decides images, weights and orders
     */
    record Size(int images, int warmUp, int updates, int probes, long seed) {}

    /**
     * What was seen at one rate.
     *
     * @param rate the learning rate
     * @param series the trust, by recording
     * @param medianActual median absolute actual change (nats)
     * @param noise median error of a log-probability (nats)
     */
    record Seen(double rate, TrustSeries series, double medianActual, double noise) {}

    TrustEvidence(DigitModel model, Size size) {
        this.model = model;
        this.size = size;
        this.train = RenderedDigits.render(RenderedDigits.Split.TRAIN, size.images(), size.seed());
        this.probes = HeldOutDigits.of(size.probes(), size.seed());
    }

    /**
     * Prints a line a rate and seed.
     *
     * @param arguments the model's name, seeds
     * @throws IOException if no temporary folder can be had
     */
    public static void main(String[] arguments) throws IOException {
        String name = arguments.length > 0 ? arguments[0] : DigitModel.LENET.label();
        DigitModel model = DigitModel.valueOf(name.toUpperCase(Locale.ROOT));
        Path folder = Files.createTempDirectory("trust");
        MarkdownTable table = table(System.out, model);
        for (long seed : Seeds.of(Arrays.stream(arguments).skip(1).toArray(String[]::new))) {
            TrustEvidence evidence = new TrustEvidence(model, size(seed));
            MultiLayerNetwork warm = evidence.warm();
            for (double rate : RATES) {
                print(table, seed, evidence.seen(warm, rate, folder.resolve("rate.ldyn")));
            }
        }
    }

    private static Size size(long seed) {
        return new Size(2000, 96, 96, 100, seed);
    }

    private static MarkdownTable table(PrintStream out, DigitModel model) {
        out.println(model.label() + ", " + size(1));
        return new MarkdownTable(
                out,
                "rate",
                "seed",
                "Spearman, median",
                "least",
                "slope, median",
                "quartiles",
                "remainder, median",
                "Spearman, pooled",
                "slope, pooled",
                "median change",
                "over noise");
    }

    private static void print(MarkdownTable table, long seed, Seen seen) {
        TrustSeries series = seen.series();
        double[] slopes = series.steps().stream().mapToDouble(s -> s.trust().slope()).toArray();
        double least =
                series.steps().stream().mapToDouble(s -> s.trust().spearman()).min().orElseThrow();
        double[] quartiles = Quantiles.of(slopes, .25, .75);
        table.row(
                Double.toString(seen.rate()),
                Long.toString(seed),
                number("%.4f", series.median(Trust::spearman)),
                number("%.4f", least),
                number("%.4f", series.median(Trust::slope)),
                number("%.3f", quartiles[0]) + " to " + number("%.3f", quartiles[1]),
                number("%.4f", series.median(Trust::remainder)),
                number("%.4f", series.pooled().spearman()),
                number("%.4f", series.pooled().slope()),
                number("%.1e", seen.medianActual()),
                number("%.0f", seen.medianActual() / seen.noise()));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** The network after the updates that are not recorded. */
    MultiLayerNetwork warm() {
        MultiLayerNetwork network = model.create(recipe());
        for (int update = 0; update < size.warmUp(); update++) {
            network.fit(batch(update));
        }
        return network;
    }

    private DigitRecipe recipe() {
        return DigitRecipe.quick(size.seed());
    }

    /** Batches of shuffled epochs; what is left of an epoch is dropped. */
    private DataSet batch(int update) {
        int perEpoch = size.images() / recipe().batchSize();
        List<Integer> all = IntStream.range(0, size.images()).boxed().toList();
        List<Integer> order = Shuffle.copy(all, Shuffle.random(size.seed(), update / perEpoch));
        int from = update % perEpoch * recipe().batchSize();
        int[] batch =
                order.subList(from, from + recipe().batchSize()).stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
        return train.select(batch).dataSet();
    }

    /** Goes on from a network at another rate. */
    Seen seen(MultiLayerNetwork warm, double rate, Path file) throws IOException {
        Files.deleteIfExists(file);
        MultiLayerNetwork network = model.create(recipe().withLearningRate(rate));
        network.setParams(warm.params());
        RunHeader header = RunHeader.builder("trust", InstantSource.system().instant()).build();
        try (DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes.probes())
                        .schedule(Schedule.every(INTERVAL))
                        .influence(InfluenceOptions.defaults())
                        .recordTo(file, header)
                        .build()) {
            network.setListeners(listener);
            for (int update = 0; update < size.updates(); update++) {
                network.fit(batch(size.warmUp() + update));
            }
            if (listener.failures().total() != 0) {
                throw new IllegalStateException(
                        "failures must be 0, got " + listener.failures().total());
            }
        }
        network.setListeners();
        RunFileReader run = RunFileReader.open(file);
        return new Seen(
                rate, TrustSeries.of(run, RowFilter.ALL), medianChange(run), noise(run, network));
    }

    private static double medianChange(RunFileReader run) {
        List<ShiftRow> shifts = run.interactions().shifts(RowFilter.ALL);
        return median(shifts.stream().mapToDouble(ShiftRow::actual).toArray());
    }

    private double noise(RunFileReader run, MultiLayerNetwork network) {
        long last = run.lastStep().orElseThrow().step();
        List<LikelihoodRow> recorded = run.likelihoods(RowFilter.ALL.steps(last, last));
        double[] errors = probes.inDouble().logProbs(network.convertDataType(DataType.DOUBLE));
        recorded.forEach(row -> errors[row.probe()] -= row.logProb());
        return median(errors);
    }

    private static double median(double[] differences) {
        return Quantiles.of(Arrays.stream(differences).map(Math::abs).toArray(), .5)[0];
    }
}
