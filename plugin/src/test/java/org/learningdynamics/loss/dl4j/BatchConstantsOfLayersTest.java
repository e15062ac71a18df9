package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.SftSumLoss;
import org.learningdynamics.measure.UpdateMetrics;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** The divergence of kto and the running mean reward of bco in response layers. */
class BatchConstantsOfLayersTest {
    private static final double BETA = 0.1;

    private final ResponseTask task = new ResponseTask(71);

    private static MultiLayerNetwork head(Loss loss) {
        return ResponseTask.network(
                ResponseTask.sgd(),
                ResponseOutputLayer.builder(loss)
                        .nIn(ResponseTask.FEATURES)
                        .nOut(ResponseTask.CLASSES)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bco", "dpo+0.5*bco"})
    void bcoComparesWithTheMeanRewardOfEarlierBatches(String name) {
        Loss loss = Losses.byName(name);
        MultiLayerNetwork network = head(loss);
        double sum = 0;
        for (int update = 0; update < 3; update++) {
            ResponseTask batch = new ResponseTask(80 + update);
            double shift = update == 0 ? 0 : sum / update;
            ResponseTask.Head sameDiff = batch.new Head(loss, network, shift);
            sum += BETA * sameDiff.meanLogRatio();
            double unshifted = batch.new Head(loss, network, 0).loss();
            assertEquals(update > 0, Math.abs(sameDiff.loss() - unshifted) > 1e-6);
            DataSet data = batch.ofFeatures(loss, RNNFormat.NCW);
            for (int repetition = 0; repetition < 2; repetition++) {
                assertEquals(sameDiff.loss(), network.score(data, false), 1e-10);
                askWithoutUpdate(network, data);
            }
            sameDiff.fit();
            network.fit(data);
            for (String parameter : new String[] {"W", "b"}) {
                INDArray theirs = sameDiff.parameter(parameter);
                INDArray ours = network.getParam("0_" + parameter);
                assertEquals(0, theirs.sub(ours).amaxNumber().doubleValue(), 1e-10, parameter);
            }
        }
    }

    private static void askWithoutUpdate(MultiLayerNetwork network, DataSet data) {
        network.output(data.getFeatures());
        network.scoreExamples(data, false);
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.setLayerMaskArrays(null, data.getLabelsMaskArray());
        network.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
        network.clearLayerMaskArrays();
    }

    @Test
    void metricsOfKtoEqualSameDiffs() {
        Loss loss = new KtoLoss(BETA, 1, 0.5);
        MultiLayerNetwork network = head(loss);
        Map<String, Double> expected = task.new Head(loss, network, 0).metrics();
        network.fit(task.ofFeatures(loss, RNNFormat.NCW));
        Map<String, Double> got = ((UpdateMetrics) network.getOutputLayer()).updateMetrics();
        assertTrue(got.get(LossMetrics.KL) > 1, got.toString());
        assertTrue(expected.keySet().containsAll(got.keySet()), got.toString());
        expected.remove(LossMetrics.LOSS);
        expected.forEach((name, value) -> assertEquals(value, got.get(name), 1e-10, name));
    }

    /** Rows without gradient: what they say of mismatched rows, log-probabilities show alone. */
    @Test
    void theGradientOfKtoEqualsDifferencesAtAFixedDivergence() {
        KtoLoss kto = new KtoLoss(0.3, 1, 2);
        MultiLayerNetwork network = recurrent(kto);
        MultiLayerNetwork scorer = recurrent(new SftSumLoss());
        DataSet batch = task.ofIds(kto);
        INDArray start = network.params().dup();
        double kl = logRatios(scorer, start, batch, ResponseTask.OWN, ResponseTask.ROWS);
        assertTrue(kl > 1, "KL " + kl);
        network.fit(batch);
        INDArray gradient = start.sub(network.params());
        Random random = new Random(8);
        for (int i = 0; i < 4; i++) {
            INDArray direction = ResponseTask.gaussian(random, 1e-5, 1, start.length());
            double up = value(kto, kl, scorer, start.add(direction), batch);
            double down = value(kto, kl, scorer, start.sub(direction), batch);
            double slope = gradient.mul(direction).sumNumber().doubleValue();
            assertEquals((up - down) / 2, slope, 1e-11);
            assertTrue(Math.abs(slope) > 1e-8, "slope " + slope);
        }
    }

    private static MultiLayerNetwork recurrent(Loss loss) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(4)
                                .dataType(DataType.DOUBLE)
                                .updater(new Sgd(1))
                                .list()
                                .layer(
                                        new EmbeddingSequenceLayer.Builder()
                                                .nIn(ResponseTask.CLASSES)
                                                .nOut(3)
                                                .build())
                                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                                .layer(
                                        ResponseOutputLayer.builder(loss)
                                                .nIn(4)
                                                .nOut(ResponseTask.CLASSES)
                                                .build())
                                .build());
        network.init();
        return network;
    }

    /** Mean of s − r over some rows (nats). */
    private double logRatios(
            MultiLayerNetwork scorer, INDArray parameters, DataSet batch, int from, int to) {
        scorer.setParams(parameters);
        INDArray losses = scorer.scoreExamples(batch, false);
        return IntStream.range(from, to)
                .mapToDouble(row -> -losses.getDouble(row, 0) - task.reference[row])
                .average()
                .orElseThrow();
    }

    private double value(
            KtoLoss kto, double kl, MultiLayerNetwork scorer, INDArray parameters, DataSet batch) {
        double sum = 0;
        for (int row = 0; row < ResponseTask.OWN; row++) {
            double ratio = logRatios(scorer, parameters, batch, row, row + 1);
            boolean up = task.desirable[row];
            double x = kto.beta() * (up ? ratio - kl : kl - ratio);
            double weight = up ? kto.desirableWeight() : kto.undesirableWeight();
            sum += weight * (1 - 1 / (1 + Math.exp(-x)));
        }
        return sum / ResponseTask.OWN;
    }

    @Test
    void ktoStartsAtHalfItsWeightOnItsOwnReference() {
        Loss loss = new KtoLoss(BETA, 1, 1);
        MultiLayerNetwork network = recurrent(loss);
        DataSet batch = task.ofIds(loss);
        ReferenceScores.fill(network, batch);
        network.fit(batch);
        assertEquals(0.5, network.score(), 1e-12);
        Map<String, Double> metrics = ((UpdateMetrics) network.getOutputLayer()).updateMetrics();
        assertEquals(0, metrics.get(LossMetrics.CHOSEN_REWARD));
        assertEquals(0, metrics.get(LossMetrics.REJECTED_REWARD));
        assertEquals(0, metrics.get(LossMetrics.KL));
        INDArray perRow = network.scoreExamples(batch, false);
        assertEquals(network.score(batch), perRow.meanNumber().doubleValue(), 1e-12);
        assertEquals(0, perRow.getDouble(ResponseTask.OWN));
    }
}
