package org.learningdynamics.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.it.listener.CountingRecorder;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The small language model: width 128, 2 layers, 1,000 words, 40 tokens a row, Adam. */
final class DecoderHost implements RecordedHost {
    private static final int VOCABULARY = 1000;
    private static final int LENGTH = 40;
    private static final int PROMPT = 15;
    private static final String LABELS = "labels";

    private final Random random = new Random(1);
    private final SameDiff plain = trained();
    private final SameDiff recorded = trained();
    private final SameDiffDynamicsListener listener;
    private final MultiDataSet batch = data(responses(BATCH));
    private final MultiDataSet probes;
    private final InferenceSession forward;
    private final InferenceSession gradients;
    private final List<String> gradientNames;

    DecoderHost(Schedule schedule) {
        List<EncodedResponse> watched = responses(PROBES);
        probes = data(watched);
        listener = listener(watched, schedule);
        recorded.setListeners(listener);
        SameDiff sum = DecoderPasses.summed(model());
        forward = new InferenceSession(sum);
        gradients = new InferenceSession(sum.getFunction("grad"));
        gradientNames = DecoderPasses.gradientNames(sum);
    }

    private static DecoderModel model() {
        return DecoderModel.create(DecoderConfig.builder(VOCABULARY).width(128).layers(2).build());
    }

    private static SameDiff trained() {
        SameDiff graph = model().newGraph();
        SDVariable labels = graph.placeHolder(LABELS, DataType.INT32, -1, -1);
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        Losses.byName("sft-sum")
                .define(
                        graph,
                        LossInputs.of(ResponseLogProbs.define(graph, logits, labels, VOCABULARY)));
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Adam(1e-4))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping(LABELS)
                        .build());
        return graph;
    }

    private List<EncodedResponse> responses(int count) {
        List<EncodedResponse> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new EncodedResponse(random.ints(LENGTH, 0, VOCABULARY).toArray(), PROMPT));
        }
        return rows;
    }

    private static MultiDataSet data(List<EncodedResponse> rows) {
        TokenBatch tokens = TokenBatch.of(rows, 0);
        return new MultiDataSet(
                Nd4j.createFromArray(tokens.inputIds()), Nd4j.createFromArray(tokens.labels()));
    }

    private SameDiffDynamicsListener listener(List<EncodedResponse> rows, Schedule schedule) {
        List<EncodedProbeRow> watched = new ArrayList<>();
        for (EncodedResponse row : rows) {
            watched.add(new EncodedProbeRow(watched.size(), "chosen", row));
        }
        return SameDiffDynamicsListener.builder(recorded)
                .logits(DecoderModel.LOGITS_2D)
                .probes(TokenProbes.builder(watched, 0).tokensPerBatch(PROBES * LENGTH).build())
                .schedule(schedule)
                .influence(InfluenceOptions.defaults())
                .recorder(new CountingRecorder())
                .build();
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
        run(gradients, gradientNames, probes);
    }

    @Override
    public void probeLogits() {
        run(forward, List.of(DecoderModel.LOGITS_2D), probes);
    }

    @Override
    public void batchGradients() {
        run(gradients, gradientNames, batch);
    }

    private static void run(InferenceSession session, List<String> names, MultiDataSet rows) {
        Map<String, INDArray> given =
                Map.of(DecoderModel.INPUT_IDS, rows.getFeatures(0), LABELS, rows.getLabels(0));
        At at = At.defaultAt(Operation.INFERENCE);
        session.output(names, given, null, Set.of(), List.of(), at)
                .values()
                .forEach(INDArray::close);
    }

    @Override
    public void close() {
        listener.close();
    }
}
