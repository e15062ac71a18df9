package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.SftLoss;
import org.learningdynamics.loss.StartCheck;
import org.learningdynamics.measure.UpdateMetrics;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The reference is the network's own log-probability, to the bit. */
class ReferenceScoresTest {
    private final ResponseTask task = new ResponseTask(51);

    private DataSet batch(RNNFormat format) {
        return ResponseBatch.ofPairs(task.ids, task.labels).oneHot(ResponseTask.CLASSES, format);
    }

    private static MultiLayerNetwork network(Loss loss, RNNFormat format, DataType type) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(type)
                                .list()
                                .layer(lstm(format))
                                .layer(head(loss, format))
                                .build());
        network.init();
        return network;
    }

    private static LSTM lstm(RNNFormat format) {
        return new LSTM.Builder().nIn(ResponseTask.CLASSES).nOut(5).dataFormat(format).build();
    }

    private static ResponseOutputLayer head(Loss loss, RNNFormat format) {
        return ResponseOutputLayer.builder(loss)
                .nIn(5)
                .nOut(ResponseTask.CLASSES)
                .dataFormat(format)
                .build();
    }

    @Test
    void isTheSumOfTheNetworksOwnLogProbabilities() {
        for (RNNFormat format : RNNFormat.values()) {
            MultiLayerNetwork network = network(new SftLoss(), format, DataType.DOUBLE);
            DataSet batch = batch(format);
            ReferenceScores.fill(network, batch);
            INDArray output = network.output(batch.getFeatures());
            boolean last = format == RNNFormat.NWC;
            INDArray probabilities = last ? output.permute(0, 2, 1) : output;
            INDArray labels = last ? batch.getLabels().permute(0, 2, 1) : batch.getLabels();
            for (int row = 0; row < ResponseTask.ROWS; row++) {
                double expected = 0;
                for (int t = 0; t < ResponseTask.LENGTH; t++) {
                    int label = task.labels[row][t];
                    expected += label < 0 ? 0 : Math.log(probabilities.getDouble(row, label, t));
                }
                assertEquals(expected, labels.getDouble(row, ResponseLabels.REFERENCE, 2), 1e-12);
            }
        }
    }

    @Test
    void preferenceTrainingStartsAtRewardsOfExactlyZero() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            Loss dpo = new DpoLoss(0.1);
            MultiLayerNetwork network = network(dpo, RNNFormat.NCW, type);
            DataSet batch = batch(RNNFormat.NCW);
            ReferenceScores.fill(network, batch);
            network.fit(batch);
            Map<String, Double> metrics =
                    new java.util.LinkedHashMap<>(
                            ((UpdateMetrics) network.getOutputLayer()).updateMetrics());
            metrics.put(LossMetrics.LOSS, network.score());
            assertTrue(StartCheck.check(dpo, metrics).isEmpty(), metrics.toString());
            network.fit(batch);
            double margin =
                    ((UpdateMetrics) network.getOutputLayer())
                            .updateMetrics()
                            .get(LossMetrics.REWARD_MARGIN);
            assertTrue(margin > 0, "the margin grew, got " + margin);
        }
    }

    @Test
    void graphsGiveTheSame() {
        MultiLayerNetwork network = network(new SftLoss(), RNNFormat.NCW, DataType.DOUBLE);
        ComputationGraph graph =
                new ComputationGraph(
                        ResponseTask.sgd()
                                .dataType(DataType.DOUBLE)
                                .graphBuilder()
                                .addInputs("tokens")
                                .addLayer("lstm", lstm(RNNFormat.NCW), "tokens")
                                .addLayer("head", head(new DpoLoss(1), RNNFormat.NCW), "lstm")
                                .setOutputs("head")
                                .build());
        graph.init();
        graph.params().assign(network.params());
        DataSet one = batch(RNNFormat.NCW);
        DataSet other = batch(RNNFormat.NCW);
        ReferenceScores.fill(network, one);
        ReferenceScores.fill(graph, other);
        assertEquals(one.getLabels(), other.getLabels());
        assertTrue(Double.isFinite(graph.score(other)));
    }

    @Test
    void theReferenceNetworkIsNotChanged() {
        MultiLayerNetwork network = network(new SftLoss(), RNNFormat.NCW, DataType.DOUBLE);
        INDArray before = network.params().dup();
        String configuration = network.getLayerWiseConfigurations().toJson();
        ReferenceScores.fill(network, batch(RNNFormat.NCW));
        assertEquals(before, network.params());
        assertEquals(configuration, network.getLayerWiseConfigurations().toJson());
    }

    @Test
    void refusesOtherNetworks() {
        MultiLayerNetwork other =
                ResponseTask.network(
                        ResponseTask.sgd(),
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(ResponseTask.CLASSES)
                                .nOut(ResponseTask.CLASSES)
                                .build());
        assertEquals(
                "the reference network must end in a ResponseOutputLayer or a ResponseLossLayer,"
                        + " got RnnOutputLayer",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ReferenceScores.fill(other, batch(RNNFormat.NCW)))
                        .getMessage());
    }
}
