package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.loss.BcoLoss;
import org.learningdynamics.loss.CdpoLoss;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.SftLoss;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Networks with response layers are saved, read and trained on as if nothing had happened. */
class SavedNetworkTest {
    @TempDir Path folder;

    private final ResponseTask task = new ResponseTask(41);

    private static Stream<String> names() {
        return ResponseTask.losses();
    }

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.05))
                .l2(1e-3);
    }

    private static EmbeddingSequenceLayer embedding() {
        return new EmbeddingSequenceLayer.Builder().nIn(ResponseTask.CLASSES).nOut(3).build();
    }

    private static LSTM lstm() {
        return new LSTM.Builder().nIn(3).nOut(ResponseTask.FEATURES).dropOut(0.9).build();
    }

    private static ResponseOutputLayer head(Loss loss) {
        return ResponseOutputLayer.builder(loss)
                .name("head")
                .nIn(ResponseTask.FEATURES)
                .nOut(ResponseTask.CLASSES)
                .biasInit(0.25)
                .dropOut(0.8)
                .build();
    }

    private static MultiLayerConfiguration multiLayer(Loss loss) {
        return builder().list().layer(embedding()).layer(lstm()).layer(head(loss)).build();
    }

    private static ComputationGraphConfiguration graph(Layer output, String name) {
        return builder()
                .graphBuilder()
                .addInputs("ids")
                .addLayer("embedding", embedding(), "ids")
                .addLayer("lstm", lstm(), "embedding")
                .addLayer(name, output, "lstm")
                .setOutputs(name)
                .build();
    }

    @ParameterizedTest
    @MethodSource("names")
    void configurationsEqualThemselvesAfterJson(String name) {
        Loss loss = Losses.byName(name);
        MultiLayerConfiguration written = multiLayer(loss);
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(written.toJson());
        assertEquals(written, read);
        assertEquals(written.toJson(), read.toJson());
        ResponseOutputLayer layer = (ResponseOutputLayer) read.getConf(2).getLayer();
        assertEquals(loss, ((ResponseLossFunction) layer.getLossFn()).loss());
        Layer plain = ResponseLossLayer.builder(loss).dataFormat(RNNFormat.NWC).build();
        ComputationGraphConfiguration ofGraph = graph(plain, "loss");
        assertEquals(ofGraph, ComputationGraphConfiguration.fromJson(ofGraph.toJson()));
    }

    @Test
    void configurationsOfOtherLossesOrLayersDiffer() {
        assertNotEquals(multiLayer(new DpoLoss(0.1)), multiLayer(new DpoLoss(0.2)));
        assertNotEquals(multiLayer(new DpoLoss(0.1)), multiLayer(new CdpoLoss(0.1, 0)));
        RnnOutputLayer other = new RnnOutputLayer.Builder(new SftSumLossFunction()).build();
        ResponseOutputLayer ours = ResponseOutputLayer.builder(new SftLoss()).build();
        assertNotEquals(other, ours);
        assertNotEquals(ours, other);
        assertEquals(ours, ResponseOutputLayer.builder(new SftLoss()).build());
        assertEquals(
                ours.hashCode(), ResponseOutputLayer.builder(new SftLoss()).build().hashCode());
    }

    @Test
    void aMultiLayerNetworkGoesOnIdentically() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(multiLayer(new DpoLoss(0.3)));
        network.init();
        DataSet batch = task.ofIds();
        network.fit(batch);
        network.fit(batch);
        File file = folder.resolve("network.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork read = ModelSerializer.restoreMultiLayerNetwork(file, true);
        assertEquals(network.params(), read.params());
        trainOn(() -> network.fit(batch));
        trainOn(() -> read.fit(batch));
        assertEquals(network.params(), read.params());
        assertEquals(network.score(), read.score());
    }

    @Test
    void aComputationGraphGoesOnIdentically() throws IOException {
        ComputationGraph network = new ComputationGraph(graph(head(new DpoLoss(0.3)), "head"));
        network.init();
        DataSet batch = task.ofIds();
        network.fit(batch);
        File file = folder.resolve("graph.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        ComputationGraph read = ModelSerializer.restoreComputationGraph(file, true);
        trainOn(() -> network.fit(batch));
        trainOn(() -> read.fit(batch));
        assertEquals(network.params(), read.params());
        assertEquals(network.score(), read.score());
    }

    /** The host draws dropout from a generator of the thread. */
    private static void trainOn(Runnable update) {
        org.nd4j.linalg.factory.Nd4j.getRandom().setSeed(9);
        update.run();
        update.run();
    }

    /** Of bco the second update depends on the first one's rewards. */
    @ParameterizedTest
    @ValueSource(strings = {"dpo", "bco", "kto"})
    void bothHostsMakeTheSameUpdates(String name) {
        Loss loss = Losses.byName(name);
        MultiLayerNetwork layers = new MultiLayerNetwork(multiLayer(loss));
        layers.init();
        ComputationGraph graph = new ComputationGraph(graph(head(loss), "head"));
        graph.init();
        graph.params().assign(layers.params());
        DataSet batch = task.ofIds(loss);
        trainOn(() -> layers.fit(batch));
        trainOn(() -> graph.fit(batch));
        assertEquals(layers.params(), graph.params());
        assertEquals(layers.score(), graph.score());
    }

    /** A reader, a copy and a new network know nothing of earlier batches. */
    @Test
    void theRunningMeanRewardOfBcoStartsAnew() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(multiLayer(new BcoLoss(0.3)));
        network.init();
        DataSet batch = task.ofIds();
        network.fit(batch);
        File file = folder.resolve("bco.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork read = ModelSerializer.restoreMultiLayerNetwork(file, true);
        MultiLayerNetwork fresh = new MultiLayerNetwork(multiLayer(new BcoLoss(0.3)));
        fresh.init(network.params().dup(), false);
        double unshifted = fresh.score(batch);
        assertEquals(unshifted, read.score(batch));
        assertEquals(unshifted, network.clone().score(batch));
        assertNotEquals(unshifted, network.score(batch), 1e-3);
    }

    @Test
    void anUnknownLossInAFileIsNamed() {
        String json = multiLayer(new DpoLoss(0.3)).toJson().replace("\"dpo\"", "\"dpq\"");
        Throwable error =
                assertThrows(RuntimeException.class, () -> MultiLayerConfiguration.fromJson(json));
        StringBuilder messages = new StringBuilder();
        for (Throwable t = error; t != null; t = t.getCause()) {
            messages.append(t.getMessage());
        }
        assertTrue(messages.toString().contains("unknown loss dpq"), messages.toString());
    }
}
