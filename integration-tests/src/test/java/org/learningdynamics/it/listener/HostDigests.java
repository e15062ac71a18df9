package org.learningdynamics.it.listener;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.ProbeDerivation;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains one model on each host in single precision and prints a digest of its parameters, a line
 * each. Argument: a folder for recordings, or nothing to train without a listener.
 */
public final class HostDigests {
    private static final int FEATURES = 6;
    private static final int CLASSES = 4;
    private static final int EPOCHS = 10;

    private HostDigests() {}

    /**
     * Trains and prints.
     *
     * @param arguments folder for recordings, or none
     */
    public static void main(String[] arguments) {
        Nd4j.getRandom().setSeed(1);
        boolean watched = arguments.length > 0;
        print("MultiLayerNetwork", List.of(network(watched)));
        print("ComputationGraph", List.of(graph(watched)));
        print("SameDiff", decoder(watched ? arguments[0] : ""));
    }

    private static INDArray network(boolean watched) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        settings()
                                .list()
                                .layer(new DenseLayer.Builder().nOut(8).dropOut(0.7).build())
                                .layer(new BatchNormalization())
                                .layer(output())
                                .setInputType(InputType.feedForward(FEATURES))
                                .build());
        network.init();
        DataSet data = data();
        if (watched) {
            watch(DynamicsListener.builder(network), data, network::addListeners);
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            network.fit(data);
        }
        return network.params();
    }

    private static INDArray graph(boolean watched) {
        ComputationGraphConfiguration configuration =
                settings()
                        .graphBuilder()
                        .addInputs("in")
                        .setInputTypes(InputType.feedForward(FEATURES))
                        .addLayer("a", new DenseLayer.Builder().nOut(5).build(), "in")
                        .addLayer("b", new DenseLayer.Builder().nOut(5).dropOut(0.5).build(), "in")
                        .addVertex("both", new MergeVertex(), "a", "b")
                        .addLayer("out", output(), "both")
                        .setOutputs("out")
                        .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        DataSet data = data();
        if (watched) {
            watch(DynamicsListener.builder(graph), data, graph::addListeners);
        }
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            graph.fit(data);
        }
        return graph.params();
    }

    private static List<INDArray> decoder(String folder) {
        List<PreferenceExample> pairs = new ArrayList<>();
        for (String thing : List.of("sky", "grass", "snow", "coal")) {
            pairs.add(
                    new PreferenceExample(
                            pairs.size() + 1, thing + " is", "as ever " + thing, "not so"));
        }
        WordTokenizer tokenizer =
                WordTokenizer.train(List.of("sky grass snow coal is as ever not so"), 50);
        SequenceEncoder encoder =
                new SequenceEncoder(tokenizer, new Truncation(16, 8, KeepPrompt.END));
        DecoderModel model =
                DecoderModel.create(
                        DecoderConfig.builder(tokenizer.vocabularySize())
                                .width(16)
                                .heads(2)
                                .layers(1)
                                .build());
        TrainingOptions options =
                TrainingOptions.builder(TrainingMethod.DPO).updates(EPOCHS).batchSize(2).build();
        var run =
                TrainingRun.builder(
                        model,
                        TrainingData.preferences(TrainingMethod.DPO, pairs, encoder),
                        options);
        if (!folder.isEmpty()) {
            run.recording(
                    RunRecording.of(
                            java.nio.file.Path.of(folder, "dpo.ldyn"),
                            ProbeDerivation.of(pairs, 7).derive("things", pairs),
                            Schedule.every(1)));
        }
        run.build().run();
        return List.copyOf(model.parameters().values());
    }

    private static void watch(
            DynamicsListener.Builder builder, DataSet data, Consumer<DynamicsListener> attach) {
        attach.accept(
                builder.probes(
                                ClassProbes.builder(data.getFeatures())
                                        .oneHot(data.getLabels())
                                        .build())
                        .schedule(Schedule.every(1))
                        .recorder(new CountingRecorder())
                        .build());
    }

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .activation(Activation.TANH)
                .updater(new Adam(0.02));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static DataSet data() {
        Random random = new Random(7);
        float[][] features = new float[12][FEATURES];
        float[][] labels = new float[features.length][CLASSES];
        for (int row = 0; row < features.length; row++) {
            for (int i = 0; i < FEATURES; i++) {
                features[row][i] = (float) random.nextGaussian();
            }
            labels[row][random.nextInt(CLASSES)] = 1;
        }
        return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels));
    }

    private static void print(String host, List<INDArray> parameters) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (INDArray array : parameters) {
            for (float value : array.dup('c').data().asFloat()) {
                digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(value).array());
            }
        }
        System.out.println("digest " + host + " " + HexFormat.of().formatHex(digest.digest()));
    }
}
