package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossGraph;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.Recorder;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.RmsProp;

/** A tiny language model on random pairs, under a loss by name. */
final class DecoderTraining implements Training {
    private static final int VOCABULARY = 11;
    private static final int PAIRS = 3;
    private static final int BATCHES = 2;

    final SameDiff sameDiff;
    final LossGraph lossGraph;
    private final DecoderModel model;
    private final GraphHost host;
    private final DataType type;
    private final boolean isPacked;
    private final List<EncodedProbeRow> watched = new ArrayList<>();

    DecoderTraining(String lossName, DataType type) {
        this(lossName, type, GraphHost.FIT, false);
    }

    DecoderTraining(String lossName, DataType type, GraphHost host) {
        this(lossName, type, host, false);
    }

    /**
     * @param isPacked whether the listener gets a view of packed rows
     */
    DecoderTraining(String lossName, DataType type, boolean isPacked) {
        this(lossName, type, GraphHost.FIT, isPacked);
    }

    private DecoderTraining(String lossName, DataType type, GraphHost host, boolean isPacked) {
        this.type = type;
        this.host = host;
        this.isPacked = isPacked;
        model =
                DecoderModel.create(
                        DecoderConfig.builder(VOCABULARY)
                                .width(8)
                                .layers(1)
                                .heads(2)
                                .maxLength(16)
                                .dataType(type)
                                .build());
        sameDiff = model.newGraph();
        lossGraph = define(Losses.byName(lossName));
        Random random = new Random(7);
        for (int i = 0; i < 6; i++) {
            for (String kind : List.of("chosen", "rejected")) {
                watched.add(new EncodedProbeRow(i, kind, response(random)));
            }
        }
    }

    private LossGraph define(Loss loss) {
        SDVariable labels = sameDiff.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = sameDiff.getVariable(DecoderModel.LOGITS_2D);
        LossInputs inputs =
                LossInputs.of(ResponseLogProbs.define(sameDiff, logits, labels, VOCABULARY))
                        .withReference(sameDiff.placeHolder("reference", type, -1));
        sameDiff.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new RmsProp(0.01))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping("labels", "reference")
                        .initialLossDataType(type)
                        .build());
        return loss.define(sameDiff, inputs);
    }

    private static EncodedResponse response(Random random) {
        int prompt = 1 + random.nextInt(4);
        int[] tokens = random.ints(prompt + 1 + random.nextInt(5), 0, VOCABULARY).toArray();
        return new EncodedResponse(tokens, prompt);
    }

    SameDiffDynamicsListener.Builder listener(Recorder recorder) {
        Map<String, String> metrics = new LinkedHashMap<>();
        lossGraph.metrics().forEach((name, variable) -> metrics.put(name, variable.name()));
        metrics.remove("loss");
        SameDiffDynamicsListener.Builder builder =
                SameDiffDynamicsListener.builder(sameDiff)
                        .logits(DecoderModel.LOGITS_2D)
                        .metrics(metrics)
                        .probes(probes())
                        .recorder(recorder);
        return isPacked ? builder.packed(model.packedView()) : builder;
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
        return TokenProbes.builder(watched, 0).tokensPerBatch(20).build();
    }

    /** Longer than the model's positions. */
    @Override
    public Probes brokenProbes() {
        EncodedResponse tooLong = new EncodedResponse(new int[40], 2);
        return TokenProbes.builder(List.of(new EncodedProbeRow(0, "chosen", tooLong)), 0).build();
    }

    @Override
    public void train() {
        Random random = new Random(11);
        List<org.nd4j.linalg.dataset.api.MultiDataSet> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            List<EncodedResponse> rows = new ArrayList<>();
            for (int row = 0; row < 2 * PAIRS; row++) {
                rows.add(response(random));
            }
            TokenBatch tokens = TokenBatch.of(rows, 0);
            batches.add(
                    new MultiDataSet(
                            new INDArray[] {Nd4j.createFromArray(tokens.inputIds())},
                            new INDArray[] {
                                Nd4j.createFromArray(tokens.labels()),
                                RandomArrays.gaussian(i, type, 2L * PAIRS)
                            }));
        }
        host.fit(sameDiff, new FixedMultiBatches(batches), 2);
    }

    @Override
    public int updates() {
        return 2 * BATCHES;
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // as the host declares updaters
    public double[] state() {
        List<INDArray> arrays = new ArrayList<>(model.parameters().values());
        Map<String, GradientUpdater> updaters = sameDiff.getUpdaterMap();
        if (updaters != null) {
            updaters.keySet().stream()
                    .sorted()
                    .forEach(n -> arrays.addAll(updaters.get(n).getState().values()));
        }
        return RandomArrays.values(arrays);
    }

    @Override
    public double[] losses() {
        return new double[0];
    }

    @Override
    public double[] expectedLogProbs() {
        try (DecoderModel fresh = model.copy()) {
            return new ResponseScorer(fresh)
                    .logProbs(watched.stream().map(EncodedProbeRow::encoded).toList());
        }
    }
}
