package org.learningdynamics.samples.digits;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.learningdynamics.measure.Adaptation;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Records how features (the output of the last hidden layer) and logits move while a network
 * learns, as metrics {@code adaptation/WHAT/FORM/LAG}: WHAT is {@code features} or {@code logits},
 * FORM {@code dot} or {@code cosine} (see {@link Adaptation}).
 *
 * <p>{@code lag1} compares the images of an update before and after that update, {@code lag50} the
 * watched images now and 50 updates ago; both after every 50th update. Used by the thread that
 * trains, between its calls of {@code fit}; the trained parameters do not depend on it.
 */
final class AdaptationMeter {
    /** Updates from one measurement to the next, and the longer lag. */
    static final int INTERVAL = 50;

    private final MultiLayerNetwork network;
    private final INDArray watched;
    private final Recorder recorder;
    private Outputs last;

    /**
     * Takes in where the network stands.
     *
     * @param network learns; ends in an output layer
     * @param watched images // [N, PIXELS]
     * @param recorder takes the metrics
     */
    AdaptationMeter(MultiLayerNetwork network, INDArray watched, Recorder recorder) {
        this.network = network;
        this.watched = watched;
        this.recorder = recorder;
        this.last = outputs(watched);
    }

    /** What a network says of some images: features [N, units] and logits [N, classes]. */
    private record Outputs(INDArray features, INDArray logits) {}

    /**
     * Makes an update and measures if it is the 50th, 100th, …
     *
     * @param update its number, from 1
     * @param batch what it learns
     */
    void fit(long update, DataSet batch) {
        if (update % INTERVAL != 0) {
            network.fit(batch);
            return;
        }
        Outputs before = outputs(batch.getFeatures());
        network.fit(batch);
        record(update, "lag1", before, outputs(batch.getFeatures()));
        Outputs now = outputs(watched);
        record(update, "lag" + INTERVAL, last, now);
        last = now;
    }

    private Outputs outputs(INDArray images) {
        int output = network.getnLayers() - 1;
        INDArray features =
                network.feedForwardToLayer(output - 1, images, false).get(output).detach();
        Layer layer = network.getLayer(output);
        INDArray logits =
                features.mmul(layer.getParam(DefaultParamInitializer.WEIGHT_KEY))
                        .addiRowVector(layer.getParam(DefaultParamInitializer.BIAS_KEY));
        return new Outputs(features, logits);
    }

    private void record(long update, String lag, Outputs before, Outputs after) {
        record(update, "features", lag, Adaptation.between(before.features(), after.features()));
        record(update, "logits", lag, Adaptation.between(before.logits(), after.logits()));
    }

    private void record(long update, String what, String lag, Adaptation value) {
        String name = "adaptation/" + what + "/";
        recorder.record(new Metric(update, name + "dot/" + lag, value.dot()));
        recorder.record(new Metric(update, name + "cosine/" + lag, value.cosine()));
    }
}
