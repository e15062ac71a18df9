package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.learningdynamics.measure.Labels;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Log-probabilities of responses in a graph, the metrics of their tokens, and training on them. */
class ResponseLogProbsTest {
    private static final double TOLERANCE = 1e-12;

    private static void assertMetric(
            LogitBatch.Graph graph, Map<String, INDArray> feed, String name, double expected) {
        SDVariable metric = graph.loss().metrics().get(name);
        assertEquals(expected, graph.values(metric, feed)[0], TOLERANCE, name);
    }

    @Test
    void equalTheMeasures() {
        LogitBatch batch = LogitBatch.random(1, 4, 6);
        LogitBatch.Graph graph = batch.graph(new SftLoss(), DataType.DOUBLE);
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        double[] s = graph.values(graph.responses().logProbs(), feed);
        double[] tokens = graph.values(graph.responses().tokens(), feed);
        assertArrayEquals(batch.scores().logProbs(), s, TOLERANCE);
        for (int row = 0; row < 4; row++) {
            assertEquals(batch.scores().tokens()[row], tokens[row], 0);
        }
    }

    @Test
    void tokensHaveTheirOwnLogProbs() {
        LogitBatch batch = LogitBatch.random(2, 3, 5);
        LogitBatch.Graph graph = batch.graph(new SftLoss(), DataType.DOUBLE);
        double[] tokens =
                graph.values(graph.responses().tokenLogProbs(), batch.feed(DataType.DOUBLE));
        List<Likelihood> rows = LikelihoodMeasures.measureFlat(batch.logits, batch.labels);
        for (int row = 0; row < 3; row++) {
            int next = 0;
            for (int t = 0; t < 5; t++) {
                double expected =
                        batch.labels[row][t] < 0 ? 0 : rows.get(row).tokenLogProbs()[next++];
                assertEquals(expected, tokens[row * 5 + t], TOLERANCE);
            }
        }
    }

    @Test
    void aMaskOfItsOwnEqualsNegativeLabels() {
        LogitBatch batch = LogitBatch.random(3, 3, 4);
        int[][] mask = new int[3][4];
        int[][] plain = new int[3][4];
        for (int row = 0; row < 3; row++) {
            for (int t = 0; t < 4; t++) {
                mask[row][t] = batch.labels[row][t] < 0 ? 0 : 1;
                plain[row][t] = Math.max(batch.labels[row][t], 0);
            }
        }
        SameDiff graph = SameDiff.create();
        SDVariable logits = graph.var("z", batch.logits.dup());
        ResponseLogProbs responses =
                ResponseLogProbs.defineMasked(
                        graph,
                        logits,
                        graph.constant(Nd4j.createFromArray(plain)),
                        graph.constant(Nd4j.createFromArray(mask)),
                        LogitBatch.CLASSES);
        double[] s = responses.logProbs().eval().data().asDouble();
        assertArrayEquals(batch.scores().logProbs(), s, TOLERANCE);
        double[] tokens = responses.tokens().eval().data().asDouble();
        assertEquals(batch.scores().totalTokens(), tokens[0] + tokens[1] + tokens[2], 0);
    }

    @Test
    void peakyLogitsStayFiniteInFloat32() {
        float[][] logits = {{1e4f, 0, -1e4f}, {-1e4f, 0, 1e4f}};
        SameDiff graph = SameDiff.create();
        SDVariable z = graph.var("z", Nd4j.createFromArray(logits));
        SDVariable labels = graph.constant(Nd4j.createFromArray(new int[][] {{0}, {0}}));
        ResponseLogProbs responses = ResponseLogProbs.define(graph, z, labels, 3);
        new SftSumLoss().define(graph, LossInputs.of(responses));
        assertArrayEquals(new double[] {0, -2e4}, responses.logProbs().eval().data().asDouble(), 0);
        INDArray gradient = graph.calculateGradients(null, "z").get("z");
        assertArrayEquals(
                new double[] {0, 0, 0, -.5, 0, .5}, gradient.dup('c').data().asDouble(), 1e-7);
    }

    @Test
    void tokenMetricsEqualTheMeasures() {
        LogitBatch batch = LogitBatch.random(4, 4, 6);
        LogitBatch.Graph graph = batch.graph(new DpoLoss(.1), DataType.DOUBLE);
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        double tokens = 0;
        double hits = 0;
        double entropy = 0;
        List<Likelihood> rows = LikelihoodMeasures.measureFlat(batch.logits, batch.labels);
        for (int row = 0; row < 4; row++) {
            Likelihood likelihood = rows.get(row);
            tokens += likelihood.tokens();
            entropy += likelihood.entropy() * likelihood.tokens();
            int next = 0;
            for (int label : batch.labels[row]) {
                if (label >= 0) {
                    hits += likelihood.argmaxTokens()[next++] == label ? 1 : 0;
                }
            }
        }
        assertMetric(graph, feed, "num_tokens", tokens);
        assertMetric(graph, feed, "mean_token_accuracy", hits / tokens);
        assertMetric(graph, feed, "entropy", entropy / tokens);
        assertMetric(graph, feed, "loss", new DpoLoss(.1).value(batch.scores()));
        assertMetric(graph, feed, "logits/chosen", meanLogit(batch, 0, 2));
        assertMetric(graph, feed, "logits/rejected", meanLogit(batch, 2, 4));
    }

    private static double meanLogit(LogitBatch batch, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int row = from; row < to; row++) {
            for (int t = 0; t < batch.labels[row].length; t++) {
                if (batch.labels[row][t] >= 0) {
                    int position = row * batch.labels[row].length + t;
                    sum += batch.logits.getRow(position).meanNumber().doubleValue();
                    count++;
                }
            }
        }
        return sum / count;
    }

    @Test
    void metricsOfResponsesAreThoseOfTokens() {
        LogitBatch.Graph graph = LogitBatch.random(5, 2, 2).graph(new SftLoss(), DataType.FLOAT);
        assertEquals(
                List.of("loss", "mean_token_accuracy", "num_tokens", "entropy"),
                List.copyOf(graph.loss().metrics().keySet()));
    }

    @Test
    void variablesCarryTheirMetricsNamesWithUnderscores() {
        LogitBatch.Graph graph = LogitBatch.random(6, 2, 2).graph(new DpoLoss(1), DataType.FLOAT);
        graph.loss().metrics().forEach((name, v) -> assertEquals(name.replace('/', '_'), v.name()));
        assertEquals(List.of("loss"), graph.graph().getLossVariables());
    }

    @Test
    void aSecondLossInAGraphGetsNamesOfItsOwn() {
        SameDiff graph = SameDiff.create();
        SDVariable s = graph.placeHolder("s", DataType.DOUBLE, -1);
        LossInputs inputs = LossInputs.of(s).withTokens(s);
        assertEquals("loss", new SftLoss().define(graph, inputs).loss().name());
        assertEquals("loss_1", new SftSumLoss().define(graph, inputs).loss().name());
    }

    @Test
    void aSavedGraphKeepsValueAndGradient() throws IOException {
        LogitBatch batch = LogitBatch.random(7, 4, 3);
        LogitBatch.Graph graph = batch.graph(new DpoLoss(.5), DataType.DOUBLE);
        SameDiff read = SameDiff.fromFlatBuffers(graph.graph().asFlatBuffers(true));
        LogitBatch.Graph copy = new LogitBatch.Graph(read, graph.responses(), graph.loss());
        Map<String, INDArray> feed = batch.feed(DataType.DOUBLE);
        assertEquals(graph.loss(feed), copy.loss(feed), 0);
        assertEquals(graph.gradient(feed), copy.gradient(feed));
        assertEquals(List.of("loss"), read.getLossVariables());
    }

    @Test
    void halvesOfPairsEqualRows() {
        LogitBatch batch = LogitBatch.random(8, 6, 3);
        double[] s = batch.scores().logProbs();
        double[] r = batch.reference;
        SameDiff graph = SameDiff.create();
        LossInputs inputs =
                LossInputs.ofPairs(graph, half(graph, s, 0), half(graph, s, 3))
                        .withReference(graph, half(graph, r, 0), half(graph, r, 3));
        LossGraph loss = new DpoLoss(.4).define(graph, inputs);
        assertArrayEquals(
                new DpoLoss(.4).values(batch.scores()),
                loss.perExample().eval().data().asDouble(),
                TOLERANCE);
    }

    private static SDVariable half(SameDiff graph, double[] rows, int from) {
        double[] half = Arrays.copyOfRange(rows, from, from + 3);
        return graph.constant(Nd4j.createFromArray(half));
    }

    @Test
    void refusesArgumentsThatDoNotFit() {
        SameDiff graph = SameDiff.create();
        SDVariable z = graph.placeHolder("z", DataType.FLOAT, -1, 3);
        SDVariable labels = graph.placeHolder("y", DataType.INT32, -1, -1);
        assertEquals(
                "vocabularySize must be >= 2, got 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ResponseLogProbs.define(graph, z, labels, 1))
                        .getMessage());
        assertEquals(
                "logits must be FLOAT or DOUBLE, got INT",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ResponseLogProbs.define(graph, labels, labels, 3))
                        .getMessage());
        assertEquals(
                "loss sft needs token counts, got none",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new SftLoss().define(graph, LossInputs.of(z)))
                        .getMessage());
    }

    @Test
    void labelsNeedAResponseInEveryRow() {
        assertEquals(1, Labels.requireResponses(new int[][] {{-100, 2}}, 3), "EOS alone is valid");
        assertEquals(
                "row 1 has no unmasked position: at least one label must be >= 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Labels.requireResponses(new int[][] {{0}, {-1}}, 3))
                        .getMessage());
        assertEquals(
                "labels must have at least one row, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Labels.requireResponses(new int[0][], 3))
                        .getMessage());
    }
}
