package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.learningdynamics.recording.Recorder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A ComputationGraph, two epochs over the batches. */
final class GraphTraining implements Training {
    private static final int[] CLASSES = {0, 1, 2, 0, 1, 2};

    private final ComputationGraph graph;
    private final List<DataSet> batches;
    private final INDArray watched;
    private final List<Double> losses = new ArrayList<>();

    GraphTraining(
            ComputationGraphConfiguration configuration, List<DataSet> batches, INDArray watched) {
        this.graph = new ComputationGraph(configuration);
        this.batches = batches;
        this.watched = watched;
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
        return ClassProbes.builder(watched).labels(CLASSES).batchSize(4).build();
    }

    @Override
    public Probes brokenProbes() {
        return ClassProbes.builder(Nd4j.ones(2, watched.size(1) + 1)).labels(0, 1).build();
    }

    @Override
    public void train() {
        graph.fit(new FixedBatches(batches), 2);
    }

    @Override
    public int updates() {
        return 2 * batches.size();
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
        return RandomArrays.logsAt(fresh.outputSingle(watched), null, CLASSES);
    }
}
