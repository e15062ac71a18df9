package org.learningdynamics.it.bench;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.it.listener.CountingRecorder;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.DynamicsListener;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.samples.digits.DigitImages;
import org.learningdynamics.samples.digits.DigitModel;
import org.learningdynamics.samples.digits.DigitRecipe;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A Deeplearning4j network. */
final class NetworkHost implements RecordedHost {
    private static final int UNITS = 64;
    private static final int FEATURES = 32;
    private static final int CLASSES = 32;
    private static final int LENGTH = 40;

    private final MultiLayerNetwork plain;
    private final MultiLayerNetwork recorded;
    private final MultiLayerNetwork passes;
    private final DataSet batch;
    private final DataSet probes;
    private final DynamicsListener listener;

    private NetworkHost(
            MultiLayerNetwork network,
            DataSet batch,
            DataSet probes,
            ClassProbes watched,
            Schedule schedule) {
        plain = network;
        recorded = network.clone();
        passes = network.clone();
        this.batch = batch;
        this.probes = probes;
        listener =
                DynamicsListener.builder(recorded)
                        .probes(watched)
                        .schedule(schedule)
                        .influence(InfluenceOptions.defaults())
                        .recorder(new CountingRecorder())
                        .build();
        recorded.setListeners(listener);
    }

    /** The digits' LeNet with its own updater, heavy ball. */
    static NetworkHost leNet(Schedule schedule) {
        DigitImages learnt = RenderedDigits.render(RenderedDigits.Split.TRAIN, BATCH, 1);
        DigitImages watched = RenderedDigits.render(RenderedDigits.Split.TEST, PROBES, 1);
        ClassProbes probes =
                ClassProbes.builder(watched.features()).labels(watched.labels()).build();
        return new NetworkHost(
                DigitModel.LENET.create(DigitRecipe.quick(1)),
                learnt.dataSet(),
                watched.dataSet(),
                probes,
                schedule);
    }

    /** One LSTM of 64 units under a softmax over 32 classes at each of 40 positions, Adam. */
    static NetworkHost lstm(Schedule schedule) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Adam(1e-3))
                                .list()
                                .layer(new LSTM.Builder().nOut(UNITS).build())
                                .layer(
                                        new RnnOutputLayer.Builder()
                                                .nOut(CLASSES)
                                                .activation(Activation.SOFTMAX)
                                                .build())
                                .setInputType(InputType.recurrent(FEATURES, LENGTH))
                                .build());
        network.init();
        Random random = new Random(1);
        DataSet learnt = sequences(labels(BATCH, random));
        int[][] classes = labels(PROBES, random);
        DataSet watched = sequences(classes);
        ClassProbes probes =
                ClassProbes.builder(watched.getFeatures()).labelsPerPosition(classes).build();
        return new NetworkHost(network, learnt, watched, probes, schedule);
    }

    private static int[][] labels(int rows, Random random) {
        int[][] classes = new int[rows][];
        for (int row = 0; row < rows; row++) {
            classes[row] = random.ints(LENGTH, 0, CLASSES).toArray();
        }
        return classes;
    }

    private static DataSet sequences(int[][] classes) {
        INDArray features = Nd4j.randn(DataType.FLOAT, classes.length, FEATURES, LENGTH);
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, classes.length, CLASSES, LENGTH);
        for (int row = 0; row < classes.length; row++) {
            for (int t = 0; t < LENGTH; t++) {
                oneHot.putScalar(row, classes[row][t], t, 1);
            }
        }
        return new DataSet(features, oneHot);
    }

    @Override
    public void update() {
        plain.fit(batch);
    }

    @Override
    public void recordedUpdate() {
        recorded.fit(batch);
        if (listener.failures().total() > 0) {
            throw new IllegalStateException("recording failed: " + listener.failures());
        }
    }

    @Override
    public void probeGradients() {
        gradients(probes);
    }

    @Override
    public void probeLogits() {
        passes.output(probes.getFeatures()).close();
    }

    @Override
    public void batchGradients() {
        gradients(batch);
    }

    private void gradients(DataSet rows) {
        passes.setInput(rows.getFeatures());
        passes.setLabels(rows.getLabels());
        passes.computeGradientAndScore();
    }

    @Override
    public void close() {
        listener.close();
    }
}
