package org.learningdynamics.samples.digits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.measure.Adaptation;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.samples.digits.RenderedDigits.Split;
import org.learningdynamics.series.MeanPrediction;
import org.learningdynamics.series.MetricSeries;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class DigitExperimentTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /** Learns in a second: small batches at a high rate. */
    private static final DigitRecipe SMALL = new DigitRecipe(10, 16, .05, .9, 5e-4, 1);

    @TempDir Path folder;

    private static DigitExperiment.Result small;

    @BeforeAll
    static void runOnce(@TempDir Path runs) throws IOException {
        var experiment =
                new DigitExperiment(
                        DigitModel.MLP,
                        SMALL,
                        RenderedDigits.render(Split.TRAIN, 240, 1),
                        RenderedDigits.render(Split.TEST, 60, 1),
                        CLOCK);
        small = experiment.run(runs.resolve("mlp.ldyn"), line -> {});
    }

    @Test
    void theModelsAreThePapers() {
        MultiLayerNetwork leNet = DigitModel.LENET.create(SMALL);
        assertEquals(29_624, leNet.numParams());
        var first = (ConvolutionLayer) leNet.getLayer(0).conf().getLayer();
        var second = (ConvolutionLayer) leNet.getLayer(2).conf().getLayer();
        var pool = (SubsamplingLayer) leNet.getLayer(3).conf().getLayer();
        assertArrayEquals(new int[] {5, 5}, first.getKernelSize());
        assertArrayEquals(new int[] {2, 2}, first.getPadding());
        assertArrayEquals(new int[] {0, 0}, second.getPadding());
        assertEquals(org.deeplearning4j.nn.conf.layers.PoolingType.AVG, pool.getPoolingType());
        MultiLayerNetwork mlp = DigitModel.MLP.create(SMALL);
        assertEquals(784 * 128 + 128 + 3 * (128 * 128 + 128) + 128 * 10 + 10, mlp.numParams());
        INDArray image = RenderedDigits.render(Split.TEST, 1, 1).features();
        assertArrayEquals(new long[] {1, 10}, leNet.output(image).shape());
        assertEquals(42, leNet.feedForwardToLayer(5, image).get(6).size(1));
    }

    @Test
    void recordsPredictionsAndAdaptationWhileItLearns() {
        DigitExperiment.Result result = small;
        int updates = SMALL.updates(240);
        assertEquals(150, updates);
        assertEquals(
                updates, result.run().steps().get(result.run().steps().size() - 1).iteration());
        for (String what : List.of("features", "logits")) {
            for (String form : List.of("dot", "cosine")) {
                for (String lag : List.of("lag1", "lag50")) {
                    String name = "adaptation/" + what + "/" + form + "/" + lag;
                    MetricSeries series = result.run().metric(name).orElseThrow();
                    assertArrayEquals(new long[] {50, 100, 150}, series.iterations(), name);
                    assertTrue(Arrays.stream(series.values()).allMatch(v -> v != 0), name);
                }
            }
        }
        MeanPrediction last = result.last();
        assertTrue(last.accuracy() > .25, "accuracy " + last.accuracy());
        assertTrue(last.accuracy() > result.early().accuracy());
        for (double[] row : last.probabilities()) {
            assertEquals(1, Arrays.stream(row).sum(), 1e-6);
        }
    }

    @Test
    void theRecordedAccuracyIsTheNetworksOwn() {
        DigitExperiment.Result result = small;
        DigitImages test = RenderedDigits.render(Split.TEST, 60, 1);
        int[] predicted = result.network().predict(test.features());
        int right = 0;
        for (int i = 0; i < predicted.length; i++) {
            right += predicted[i] == test.labels()[i] ? 1 : 0;
        }
        assertEquals(right / 60.0, result.last().accuracy(), 1e-12);
    }

    @Test
    void anExampleLiftsItsOwnClassMost() {
        double[][] changes = small.changes();
        double own = 0;
        double all = 0;
        for (int u = 0; u < changes.length; u++) {
            own += changes[u][u] / changes.length;
            all += Arrays.stream(changes[u]).sum() / (changes.length * changes.length);
        }
        assertTrue(own > 0 && own > all, own + " against " + all);
    }

    @Test
    void singleExamplesAreTheNaiveDifferences() {
        MultiLayerNetwork network = DigitModel.MLP.create(SMALL);
        DigitImages train = RenderedDigits.render(Split.TRAIN, 10, 1);
        DigitImages watched = RenderedDigits.render(Split.TEST, 10, 1);
        INDArray start = network.params().dup();
        double found = new SingleExamples(network, watched).changes(train, 1, .5)[4][9];
        assertEquals(start, network.params(), "the trained network stays as it is");
        INDArray before = network.output(watched.features()).dup();
        DataSet four = train.select(4).dataSet();
        network.setInput(four.getFeatures());
        network.setLabels(four.getLabels());
        network.computeGradientAndScore();
        network.params().subi(network.gradient().gradient().mul(.5));
        INDArray after = network.output(watched.features());
        double expected = Math.log(after.getDouble(9, 4)) - Math.log(before.getDouble(9, 4));
        assertEquals(expected, found, 1e-6);
    }

    /** Keeps the metrics. */
    private static final class MetricList implements Recorder {
        private final List<Metric> metrics = new ArrayList<>();

        @Override
        public long nextStep() {
            return 0;
        }

        @Override
        public long lastIteration() {
            return -1;
        }

        @Override
        public void record(Measurement measurement) {
            metrics.add((Metric) measurement);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void measuringLeavesTrainingBitIdenticalAndComparesTheRightMoments() {
        DigitImages watched = RenderedDigits.render(Split.TEST, 20, 1);
        DataSet batch = RenderedDigits.render(Split.TRAIN, 32, 1).dataSet();
        MultiLayerNetwork plain = DigitModel.MLP.create(SMALL);
        MultiLayerNetwork measured = DigitModel.MLP.create(SMALL);
        var metrics = new MetricList();
        var meter = new AdaptationMeter(measured, watched.features(), metrics);
        INDArray start = plain.feedForwardToLayer(3, watched.features()).get(4).dup();
        INDArray before = start;
        for (int update = 1; update <= AdaptationMeter.INTERVAL; update++) {
            before = plain.feedForwardToLayer(3, batch.getFeatures()).get(4).dup();
            plain.fit(batch);
            meter.fit(update, batch);
        }
        assertEquals(plain.params(), measured.params());
        assertEquals(8, metrics.metrics.size());
        INDArray after = plain.feedForwardToLayer(3, batch.getFeatures()).get(4);
        INDArray end = plain.feedForwardToLayer(3, watched.features()).get(4);
        assertMetric(metrics, "features/dot/lag1", Adaptation.between(before, after).dot());
        assertMetric(metrics, "features/cosine/lag50", Adaptation.between(start, end).cosine());
    }

    private static void assertMetric(MetricList found, String name, double expected) {
        Metric metric =
                found.metrics.stream()
                        .filter(m -> m.name().equals("adaptation/" + name))
                        .findFirst()
                        .orElseThrow();
        assertEquals(expected, metric.value(), 1e-9, name);
        assertEquals(AdaptationMeter.INTERVAL, metric.iteration());
    }

    @Test
    void theDemoLeavesRunsAndPages() throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = {"--size", "tiny", "--out", folder.toString(), "--seed", "3"};
        int code = DigitsDemo.execute(arguments, new PrintWriter(out), new PrintWriter(err));
        assertEquals(0, code, err::toString);
        assertTrue(out.toString().contains("4 and 9"), out::toString);
        for (String file : List.of("lenet.ldyn", "mlp.ldyn", "squeezing.html")) {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }
        String page = Files.readString(folder.resolve("digits.html"));
        assertTrue(page.contains("digits lenet") && page.contains("One step on one example"));
    }

    @Test
    void theDemoRefusesAFolderWithoutMnist() {
        StringWriter err = new StringWriter();
        String[] arguments = {"--mnist", folder.toString(), "--out", folder.toString()};
        int code = DigitsDemo.execute(arguments, new PrintWriter(err), new PrintWriter(err));
        assertEquals(1, code);
        assertTrue(err.toString().contains("must hold train-images-idx3-ubyte"), err::toString);
    }

    /** Under a minute. */
    @Test
    @Tag("full")
    void thePerceptronReachesNinetyFivePercentToo() throws IOException {
        var experiment =
                new DigitExperiment(
                        DigitModel.MLP,
                        DigitRecipe.quick(1),
                        RenderedDigits.render(Split.TRAIN, 2000, 1),
                        RenderedDigits.render(Split.TEST, 2000, 1),
                        CLOCK);
        DigitExperiment.Result result = experiment.run(folder.resolve("run.ldyn"), line -> {});
        assertTrue(result.last().accuracy() >= .95, "accuracy " + result.last().accuracy());
    }

    /** Some minutes. */
    @Test
    @Tag("full")
    void leNetReachesNinetyFivePercentAndLookAlikesPullEachOther() throws IOException {
        var experiment =
                new DigitExperiment(
                        DigitModel.LENET,
                        DigitRecipe.quick(1),
                        RenderedDigits.render(Split.TRAIN, 2000, 1),
                        RenderedDigits.render(Split.TEST, 2000, 1),
                        CLOCK);
        DigitExperiment.Result result = experiment.run(folder.resolve("run.ldyn"), line -> {});
        assertTrue(result.last().accuracy() >= .95, "accuracy " + result.last().accuracy());
        for (int[] pair : new int[][] {{4, 9}, {3, 8}}) {
            double pull = result.last().pull(pair[0], pair[1]);
            assertTrue(pull > 1.5 * result.last().meanPull(), Arrays.toString(pair));
        }
        assertTrue(result.early().pull(4, 9) > 2 * result.early().meanPull(), "early");
        double change = (result.changes()[4][9] + result.changes()[9][4]) / 2;
        double rest = 0;
        for (int u = 0; u < 10; u++) {
            for (int o = 0; o < 10; o++) {
                rest += u == o ? 0 : result.changes()[u][o] / 90;
            }
        }
        assertTrue(change > rest, "one example: " + change + " against " + rest);
    }
}
