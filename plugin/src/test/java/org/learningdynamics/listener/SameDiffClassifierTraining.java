package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.Recorder;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/** A perceptron with one hidden layer, three classes, six updates. */
public final class SameDiffClassifierTraining implements Training {
    static final int FEATURES = 5;
    static final int CLASSES = 3;
    private static final int BATCH = 4;
    private static final int BATCHES = 3;

    final SameDiff sameDiff;
    History history;
    private final INDArray watched = RandomArrays.gaussian(3, DataType.DOUBLE, 7, FEATURES);
    private final int[] classes = {0, 1, 2, 0, 1, 2, 0};

    SameDiffClassifierTraining() {
        sameDiff = graph();
    }

    private static SameDiff graph() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, FEATURES);
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, CLASSES);
        SDVariable w0 = sd.var("w0", RandomArrays.gaussian(1, DataType.DOUBLE, FEATURES, 6));
        SDVariable b0 = sd.var("b0", Nd4j.zeros(DataType.DOUBLE, 6));
        SDVariable w1 = sd.var("w1", RandomArrays.gaussian(2, DataType.DOUBLE, 6, CLASSES));
        SDVariable hidden = sd.math().tanh(x.mmul(w0).add(b0));
        SDVariable logits = hidden.mmul(w1).rename("logits");
        SDVariable logProbs = sd.nn().logSoftmax(logits);
        SDVariable loss = logProbs.mul(y).sum(1).neg().mean().rename("loss");
        logits.mul(y).mean().rename("aside");
        sd.setLossVariables(loss);
        sd.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Adam(0.05))
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .initialLossDataType(DataType.DOUBLE)
                        .build());
        return sd;
    }

    SameDiffDynamicsListener.Builder listener(Recorder recorder) {
        return SameDiffDynamicsListener.builder(sameDiff)
                .inputs("x")
                .logits("logits")
                .metrics(Map.of("rewards/aside", "aside"))
                .probes(probes())
                .recorder(recorder);
    }

    @Override
    public Attached attach(Probes probes, Schedule schedule, Recorder recorder) {
        SameDiffDynamicsListener listener =
                listener(recorder).probes(probes).schedule(schedule).build();
        List<Listener> all = new ArrayList<>(sameDiff.getListeners());
        all.add(listener);
        sameDiff.setListeners(all);
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
        return ClassProbes.builder(watched).labels(classes).batchSize(4).build();
    }

    @Override
    public Probes brokenProbes() {
        return ClassProbes.builder(RandomArrays.gaussian(3, DataType.DOUBLE, 2, FEATURES + 1))
                .labels(0, 1)
                .build();
    }

    @Override
    public void train() {
        history = sameDiff.fit(data(), 2);
    }

    static FixedBatches data() {
        List<DataSet> data = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            INDArray x = RandomArrays.gaussian(10 + i, DataType.DOUBLE, BATCH, FEATURES);
            data.add(new DataSet(x, RandomArrays.oneHot(20 + i, DataType.DOUBLE, BATCH, CLASSES)));
        }
        return new FixedBatches(data);
    }

    @Override
    public int updates() {
        return 2 * BATCHES;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // as the host declares updaters
    public double[] state() {
        List<INDArray> arrays = new ArrayList<>();
        for (String name : List.of("w0", "b0", "w1")) {
            arrays.add(sameDiff.getVariable(name).getArr());
        }
        Map<String, GradientUpdater> updaters = sameDiff.getUpdaterMap();
        if (updaters != null) {
            updaters.keySet().stream()
                    .sorted()
                    .forEach(n -> arrays.addAll(sorted(updaters.get(n).getState())));
        }
        return RandomArrays.values(arrays);
    }

    private static List<INDArray> sorted(Map<String, INDArray> state) {
        return state.keySet().stream().sorted().map(state::get).toList();
    }

    /** SameDiff alone reports 0; the listener's losses are compared elsewhere. */
    @Override
    public double[] losses() {
        return new double[0];
    }

    @Override
    public double[] expectedLogProbs() {
        SameDiff fresh = graph();
        for (String name : List.of("w0", "b0", "w1")) {
            fresh.getVariable(name).getArr().assign(sameDiff.getVariable(name).getArr());
        }
        INDArray logits = fresh.output(Map.of("x", watched), "logits").get("logits");
        return RandomArrays.logProbs(logits, classes);
    }
}
