package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.learningdynamics.recording.Recorder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A ComputationGraph, two epochs over the batches. */
class GraphTraining implements Training {
    private final ComputationGraph graph;
    private final List<MultiDataSet> batches;
    private final MultiDataSet watched;
    private final int updates;
    private final List<Double> losses = new ArrayList<>();

    /**
     * A training.
     *
     * @param configuration of the graph
     * @param batches of any number of inputs
     * @param watched examples, with masks for sequences
     * @param updatesPerBatch more than one with truncated backpropagation
     */
    GraphTraining(
            ComputationGraphConfiguration configuration,
            List<MultiDataSet> batches,
            MultiDataSet watched,
            int updatesPerBatch) {
        this.graph = new ComputationGraph(configuration);
        this.batches = batches;
        this.watched = watched;
        this.updates = 2 * batches.size() * updatesPerBatch;
        graph.init();
        graph.addListeners(
                new BaseTrainingListener() {
                    @Override
                    public void iterationDone(Model model, int iteration, int epoch) {
                        losses.add(model.score());
                    }
                });
    }

    @Override
    public Attached attach(Probes probes, Schedule schedule, Recorder recorder) {
        DynamicsListener listener =
                DynamicsListener.builder(graph)
                        .probes(probes)
                        .schedule(schedule)
                        .recorder(recorder)
                        .build();
        graph.addListeners(listener);
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
        if (watched.getFeaturesMaskArrays() != null) {
            builder.masks(watched.getFeaturesMaskArrays());
        }
        return builder.build();
    }

    @Override
    public Probes brokenProbes() {
        INDArray[] features = watched.getFeatures().clone();
        long[] shape = features[0].shape().clone();
        shape[1] += 1;
        features[0] = Nd4j.ones(shape);
        return ClassProbes.builder(features).labels(classes()).build();
    }

    private int[] classes() {
        int[] classes = new int[(int) watched.getFeatures(0).size(0)];
        Arrays.setAll(classes, i -> i % 3);
        return classes;
    }

    @Override
    public void train() {
        graph.fit(new FixedMultiBatches(batches), 2);
    }

    @Override
    public int updates() {
        return updates;
    }

    @Override
    public double[] state() {
        return RandomArrays.values(
                List.of(graph.params(), graph.getUpdater().getUpdaterStateViewArray()));
    }

    @Override
    public double[] losses() {
        return losses.stream().mapToDouble(l -> l).toArray();
    }

    @Override
    public double[] expectedLogProbs() {
        ComputationGraph fresh = new ComputationGraph(graph.getConfiguration().clone());
        fresh.init(graph.params().dup(), false);
        INDArray[] masks = watched.getFeaturesMaskArrays();
        INDArray probabilities = fresh.output(false, watched.getFeatures(), masks)[0];
        INDArray positions = probabilities.rank() == 3 && masks != null ? masks[0] : null;
        return RandomArrays.logsAt(probabilities, positions, classes());
    }
}
