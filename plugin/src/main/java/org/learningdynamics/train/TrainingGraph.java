package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossGraph;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.model.LeanGradients;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model's forward graph with a loss on it, made for one stage: the updater's state starts fresh
 * and nothing of an earlier stage is left.
 *
 * @param graph over the model's own parameter arrays
 * @param logProbs log-probability of each row's response // [rows]
 * @param lossGraph the loss and its metrics
 */
record TrainingGraph(SameDiff graph, SDVariable logProbs, LossGraph lossGraph) {
    static final String LABELS = "labels";
    static final String REFERENCE = "reference_log_probs";
    static final String DESIRABLE = "desirable";
    static final String REWARD_SHIFT = "reward_shift";

    private static final Set<String> START_METRICS =
            Set.of(
                    LossMetrics.LOSS,
                    LossMetrics.CHOSEN_REWARD,
                    LossMetrics.REJECTED_REWARD,
                    LossMetrics.REWARD_MARGIN);

    static TrainingGraph of(DecoderModel model, TrainingOptions options) {
        SameDiff graph = model.newGraph();
        ResponseLogProbs responses = responses(graph, model);
        Loss loss = options.loss();
        LossInputs inputs = inputs(graph, loss, responses, model.config().dataType());
        TrainingGraph training =
                new TrainingGraph(graph, responses.logProbs(), loss.define(graph, inputs));
        training.configure(options, loss);
        return training;
    }

    private static LossInputs inputs(
            SameDiff graph, Loss loss, ResponseLogProbs responses, DataType type) {
        Set<LossNeed> needs = loss.needs();
        LossInputs inputs = LossInputs.of(responses);
        if (needs.contains(LossNeed.KL)) {
            return labelled(graph, responses, type);
        }
        if (needs.contains(LossNeed.REFERENCE)) {
            inputs = inputs.withReference(graph.placeHolder(REFERENCE, type, -1));
        }
        if (needs.contains(LossNeed.REWARD_SHIFT)) {
            inputs = inputs.withRewardShift(graph.placeHolder(REWARD_SHIFT, type, 1));
        }
        return inputs;
    }

    /** The second half of the rows only tells the divergence. */
    private static LossInputs labelled(SameDiff graph, ResponseLogProbs responses, DataType type) {
        SDVariable[] reference = graph.split(graph.placeHolder(REFERENCE, type, -1), 2, 0);
        SDVariable mismatched = graph.split(responses.logProbs(), 2, 0)[1];
        return LossInputs.of(responses.half(graph, 0))
                .withReference(reference[0])
                .withDesirable(graph.placeHolder(DESIRABLE, type, -1))
                .withKl(KtoLoss.kl(graph, mismatched, reference[1]));
    }

    /** Log-probabilities of labelled rows in a forward graph. */
    static ResponseLogProbs responses(SameDiff graph, DecoderModel model) {
        SDVariable labels = graph.placeHolder(LABELS, DataType.INT32, -1, -1);
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        return ResponseLogProbs.define(graph, logits, labels, model.config().vocabularySize());
    }

    private void configure(TrainingOptions options, Loss loss) {
        List<String> labels = new ArrayList<>(List.of(LABELS));
        labels.addAll(BatchArrays.placeholders(loss));
        TrainingConfig configuration =
                TrainingConfig.builder()
                        .updater(options.optimizer().updater(options.schedule()))
                        .regularization(
                                options.optimizer().regularization(options.update().weightDecay()))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping(labels)
                        .build();
        compute(configuration, startMetrics().values());
        graph.setTrainingConfig(configuration);
        LeanGradients.fuse(graph);
    }

    /**
     * Has variables computed in every iteration that are off the gradients' path, the loss among
     * them: left alone, SameDiff 1.0.0-M2.1 computes only what gradients need and reports a loss of
     * 0.
     */
    @SuppressWarnings("rawtypes") // as the host declares it
    private static void compute(TrainingConfig configuration, Iterable<String> variables) {
        Map<String, List<IEvaluation>> evaluations = new HashMap<>();
        Map<String, Integer> labels = new HashMap<>();
        for (String variable : variables) {
            evaluations.put(variable, new ArrayList<>());
            labels.put(variable, 0);
        }
        configuration.setTrainEvaluations(evaluations);
        configuration.setTrainEvaluationLabels(labels);
    }

    /** Variables by metric, those that tell whether the start is right. */
    Map<String, String> startMetrics() {
        Map<String, String> variables = variableOfMetric();
        variables.keySet().retainAll(START_METRICS);
        return variables;
    }

    /** Variables by metric, the loss left out: listeners record it themselves. */
    Map<String, String> recordedMetrics() {
        Map<String, String> variables = variableOfMetric();
        variables.remove(LossMetrics.LOSS);
        return variables;
    }

    private Map<String, String> variableOfMetric() {
        Map<String, String> variables = new LinkedHashMap<>();
        lossGraph.metrics().forEach((metric, variable) -> variables.put(metric, variable.name()));
        return variables;
    }

    /** Placeholders that a batch must fill. */
    Set<String> placeholders() {
        return new LinkedHashSet<>(graph.inputs());
    }
}
