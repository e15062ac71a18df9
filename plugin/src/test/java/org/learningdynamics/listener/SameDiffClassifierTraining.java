package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.learningdynamics.recording.Recorder;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A graph for three classes, a perceptron with one hidden layer if no other is given; six updates.
 */
public final class SameDiffClassifierTraining implements Training {
    static final int FEATURES = 5;
    static final int CLASSES = 3;
    private static final int BATCH = 4;
    private static final int BATCHES = 3;

    final SameDiff sameDiff;
    History history;
    private final GraphHost host;
    private final Supplier<SameDiff> untrained;
    private final long[] shape;
    private final INDArray watched;
    private final int[] classes = {0, 1, 2, 0, 1, 2, 0};

    SameDiffClassifierTraining() {
        this(SameDiffClassifierTraining::perceptron, FEATURES);
    }

    /**
     * A training.
     *
     * @param untrained makes the graph, the same each time: placeholders x and y, variable logits
     * @param shape of one row of x
     */
    SameDiffClassifierTraining(Supplier<SameDiff> untrained, long... shape) {
        this(GraphHost.FIT, untrained, shape);
    }

    private SameDiffClassifierTraining(
            GraphHost host, Supplier<SameDiff> untrained, long... shape) {
        this.host = host;
        this.untrained = untrained;
        this.shape = shape;
        sameDiff = untrained.get();
        watched = RandomArrays.gaussian(3, DataType.DOUBLE, rows(7, shape));
    }

    /** The same on another host. */
    SameDiffClassifierTraining on(GraphHost other) {
        return new SameDiffClassifierTraining(other, untrained, shape);
    }

    private static long[] rows(long rows, long... shape) {
        return LongStream.concat(LongStream.of(rows), LongStream.of(shape)).toArray();
    }

    private static SameDiff perceptron() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, FEATURES);
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, CLASSES);
        SDVariable w0 = sd.var("w0", RandomArrays.gaussian(1, DataType.DOUBLE, FEATURES, 6));
        SDVariable b0 = sd.var("b0", Nd4j.zeros(DataType.DOUBLE, 6));
        SDVariable w1 = sd.var("w1", RandomArrays.gaussian(2, DataType.DOUBLE, 6, CLASSES));
        SDVariable hidden = sd.math().tanh(x.mmul(w0).add(b0));
        SDVariable logits = hidden.mmul(w1).rename("logits");
        return trainable(sd, logits, y);
    }

    /** Adds cross-entropy, a scalar beside it, and a configuration. */
    static SameDiff trainable(SameDiff sd, SDVariable logits, SDVariable y) {
        logits.mul(y).mean().rename("aside");
        SDVariable logProbs = sd.nn().logSoftmax(logits);
        SDVariable loss = logProbs.mul(y).sum(1).neg().mean().rename("loss");
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
        long[] wider = shape.clone();
        wider[0] += 1;
        return ClassProbes.builder(RandomArrays.gaussian(3, DataType.DOUBLE, rows(2, wider)))
                .labels(0, 1)
                .build();
    }

    @Override
    public void train() {
        history = host.fit(sameDiff, new MultiDataSetIteratorAdapter(data(shape)), 2);
    }

    static FixedBatches data() {
        return data(FEATURES);
    }

    private static FixedBatches data(long... shape) {
        List<DataSet> data = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            INDArray x = RandomArrays.gaussian(10 + i, DataType.DOUBLE, rows(BATCH, shape));
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
        for (String name : trained()) {
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

    private List<String> trained() {
        return sameDiff.variables().stream()
                .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
                .map(SDVariable::name)
                .sorted()
                .toList();
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
        SameDiff fresh = untrained.get();
        for (String name : trained()) {
            fresh.getVariable(name).getArr().assign(sameDiff.getVariable(name).getArr());
        }
        INDArray logits = fresh.output(Map.of("x", watched), "logits").get("logits");
        return RandomArrays.logProbs(logits, classes);
    }
}
