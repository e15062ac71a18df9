package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.dl4j.ReferenceScores;
import org.learningdynamics.loss.dl4j.ResponseBatch;
import org.learningdynamics.loss.dl4j.ResponseOutputLayer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.Recorder;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A recurrent language model that ends in a response layer, two epochs over three batches. */
abstract class ResponseNetworkTraining implements Training {
    static final int VOCABULARY = 9;
    private static final int BATCHES = 3;
    private static final int PAIRS = 2;

    final List<DataSet> batches = new ArrayList<>();
    private final TokenInput input;
    private final List<EncodedProbeRow> watched = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    final TrainingListener scores =
            new BaseTrainingListener() {
                @Override
                public void iterationDone(Model model, int iteration, int epoch) {
                    losses.add(model.score());
                }
            };

    private ResponseNetworkTraining(TokenInput input) {
        this.input = input;
        Random random = new Random(23);
        for (int i = 0; i < BATCHES; i++) {
            List<EncodedResponse> rows = new ArrayList<>();
            for (int row = 0; row < 2 * PAIRS; row++) {
                rows.add(response(random));
            }
            TokenBatch tokens = TokenBatch.of(rows, 0);
            ResponseBatch pairs = ResponseBatch.ofPairs(tokens.inputIds(), tokens.labels());
            boolean ids = input.vocabularySize() == 0;
            batches.add(ids ? pairs.ofIds() : pairs.oneHot(VOCABULARY, RNNFormat.NCW));
        }
        for (int probe = 0; probe < 3; probe++) {
            watched.add(new EncodedProbeRow(probe, "chosen", response(random)));
            watched.add(new EncodedProbeRow(probe, "rejected", response(random)));
        }
    }

    private static EncodedResponse response(Random random) {
        int prompt = 1 + random.nextInt(3);
        int[] tokens = random.ints(prompt + 1 + random.nextInt(4), 0, VOCABULARY).toArray();
        return new EncodedResponse(tokens, prompt);
    }

    /** Ids, an embedding and an LSTM with dropout, in a MultiLayerNetwork. */
    static ResponseNetworkTraining ofLayers(Loss loss, DataType type) {
        MultiLayerConfiguration configuration =
                settings(type)
                        .list()
                        .layer(new EmbeddingSequenceLayer.Builder().nIn(VOCABULARY).nOut(4).build())
                        .layer(new LSTM.Builder().nIn(4).nOut(6).dropOut(0.9).build())
                        .layer(head(loss, Activation.SOFTMAX))
                        .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return new ResponseNetworkTraining(TokenInput.IDS_IN_ONE_CHANNEL) {
            {
                network.setListeners(scores);
                batches.forEach(batch -> ReferenceScores.fill(network, batch));
            }

            @Override
            DynamicsListener.Builder listener() {
                return DynamicsListener.builder(network);
            }

            @Override
            void add(TrainingListener listener) {
                network.addListeners(listener);
            }

            @Override
            public void train() {
                network.fit(new FixedBatches(batches), 2);
            }

            @Override
            public double[] state() {
                return RandomArrays.values(
                        List.of(network.params(), network.getUpdater().getStateViewArray()));
            }

            @Override
            INDArray probabilities(INDArray features) {
                MultiLayerNetwork fresh =
                        new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
                fresh.init(network.params().dup(), false);
                return fresh.output(features);
            }
        };
    }

    /** One-hot tokens and an LSTM in a ComputationGraph whose head gives logits. */
    static ResponseNetworkTraining ofGraph(Loss loss, DataType type) {
        ComputationGraphConfiguration configuration =
                settings(type)
                        .graphBuilder()
                        .addInputs("tokens")
                        .addLayer(
                                "lstm",
                                new LSTM.Builder().nIn(VOCABULARY).nOut(6).build(),
                                "tokens")
                        .addLayer("head", head(loss, Activation.IDENTITY), "lstm")
                        .setOutputs("head")
                        .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return new ResponseNetworkTraining(TokenInput.oneHot(VOCABULARY)) {
            {
                graph.setListeners(scores);
                batches.forEach(batch -> ReferenceScores.fill(graph, batch));
            }

            @Override
            DynamicsListener.Builder listener() {
                return DynamicsListener.builder(graph);
            }

            @Override
            void add(TrainingListener listener) {
                graph.addListeners(listener);
            }

            @Override
            public void train() {
                graph.fit(new FixedBatches(batches), 2);
            }

            @Override
            public double[] state() {
                return RandomArrays.values(
                        List.of(graph.params(), graph.getUpdater().getStateViewArray()));
            }

            @Override
            INDArray probabilities(INDArray features) {
                ComputationGraph fresh = new ComputationGraph(graph.getConfiguration().clone());
                fresh.init(graph.params().dup(), false);
                return Nd4j.nn().softmax(fresh.output(features)[0], 1);
            }
        };
    }

    private static NeuralNetConfiguration.Builder settings(DataType type) {
        return new NeuralNetConfiguration.Builder().seed(7).dataType(type).updater(new Adam(0.02));
    }

    private static ResponseOutputLayer head(Loss loss, Activation activation) {
        return ResponseOutputLayer.builder(loss)
                .nIn(6)
                .nOut(VOCABULARY)
                .activation(activation)
                .build();
    }

    /** A builder for the network. */
    abstract DynamicsListener.Builder listener();

    abstract void add(TrainingListener listener);

    /** Of an untouched network with the same parameters // [B, V, T]. */
    abstract INDArray probabilities(INDArray features);

    @Override
    public Attached attach(Probes probes, Schedule schedule, Recorder recorder) {
        DynamicsListener listener =
                listener().probes(probes).schedule(schedule).recorder(recorder).build();
        add(listener);
        return new Attached() {
            @Override
            public ListenerFailures failures() {
                return listener.failures();
            }

            @Override
            public void close() {
                listener.close();
            }
        };
    }

    @Override
    public Probes probes() {
        return TokenProbes.builder(watched, 0).tokensPerBatch(12).input(input).build();
    }

    /** More channels than the network takes. */
    @Override
    public Probes brokenProbes() {
        return TokenProbes.builder(watched, 0).input(TokenInput.oneHot(VOCABULARY + 1)).build();
    }

    @Override
    public int updates() {
        return 2 * BATCHES;
    }

    @Override
    public double[] losses() {
        return losses.stream().mapToDouble(l -> l).toArray();
    }

    /** Row by row and without padding. */
    @Override
    public double[] expectedLogProbs() {
        return watched.stream().mapToDouble(row -> logProb(row.encoded())).toArray();
    }

    private double logProb(EncodedResponse response) {
        TokenBatch alone = TokenBatch.of(List.of(response), 0);
        INDArray probabilities = probabilities(input.array(alone.inputIds()));
        double sum = 0;
        for (int t = 0; t < alone.length(); t++) {
            int label = alone.labels()[0][t];
            sum += label < 0 ? 0 : Math.log(probabilities.getDouble(0, label, t));
        }
        return sum;
    }
}
