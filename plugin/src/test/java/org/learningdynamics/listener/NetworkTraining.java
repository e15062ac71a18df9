package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.learningdynamics.recording.Recorder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A MultiLayerNetwork, two epochs over three batches. */
class NetworkTraining implements Training {
    private final MultiLayerNetwork network;
    private final List<DataSet> batches;
    private final DataSet watched;
    private final int updates;
    private final List<Double> losses = new ArrayList<>();

    /**
     * A training.
     *
     * @param configuration of the network
     * @param batches three
     * @param watched examples with one-hot labels, and a mask for sequences
     * @param updatesPerBatch more than one with truncated backpropagation
     */
    NetworkTraining(
            MultiLayerConfiguration configuration,
            List<DataSet> batches,
            DataSet watched,
            int updatesPerBatch) {
        this.network = new MultiLayerNetwork(configuration);
        this.batches = batches;
        this.watched = watched;
        this.updates = 2 * batches.size() * updatesPerBatch;
        network.init();
        network.addListeners(
                new BaseTrainingListener() {
                    @Override
                    public void iterationDone(Model model, int iteration, int epoch) {
                        losses.add(model.score());
                    }
                });
    }

    MultiLayerNetwork network() {
        return network;
    }

    @Override
    public Attached attach(Probes probes, Schedule schedule, Recorder recorder) {
        DynamicsListener listener =
                DynamicsListener.builder(network)
                        .probes(probes)
                        .schedule(schedule)
                        .recorder(recorder)
                        .build();
        network.addListeners(listener);
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
        ClassProbes.Builder builder =
                ClassProbes.builder(watched.getFeatures()).labels(classes()).batchSize(4);
        if (watched.getFeaturesMaskArray() != null) {
            builder.masks(watched.getFeaturesMaskArray());
        }
        return builder.build();
    }

    @Override
    public Probes brokenProbes() {
        long[] shape = watched.getFeatures().shape();
        shape[1] += 1;
        return ClassProbes.builder(Nd4j.ones(shape)).labels(classes()).build();
    }

    private int[] classes() {
        int[] classes = new int[watched.numExamples()];
        Arrays.setAll(classes, i -> i % 3);
        return classes;
    }

    @Override
    public void train() {
        network.fit(new FixedBatches(batches), 2);
    }

    @Override
    public int updates() {
        return updates;
    }

    @Override
    public double[] state() {
        return RandomArrays.values(
                List.of(network.params(), network.getUpdater().getStateViewArray()));
    }

    @Override
    public double[] losses() {
        return losses.stream().mapToDouble(l -> l).toArray();
    }

    /** Through log of the untouched network's probabilities. */
    @Override
    public double[] expectedLogProbs() {
        MultiLayerNetwork fresh =
                new MultiLayerNetwork(network.getLayerWiseConfigurations().clone());
        fresh.init(network.params().dup(), false);
        INDArray mask = watched.getFeaturesMaskArray();
        INDArray probabilities = fresh.output(watched.getFeatures(), false, mask, null);
        return RandomArrays.logsAt(probabilities, mask, classes());
    }
}
