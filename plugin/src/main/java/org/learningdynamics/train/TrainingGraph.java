package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossGraph;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.ResponseLogProbs;
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

    private static final Set<String> START_METRICS =
            Set.of(
                    LossMetrics.LOSS,
                    LossMetrics.CHOSEN_REWARD,
                    LossMetrics.REJECTED_REWARD,
                    LossMetrics.REWARD_MARGIN);

    static TrainingGraph of(DecoderModel model, TrainingOptions options) {
        SameDiff graph = model.newGraph();
        ResponseLogProbs responses = responses(graph, model);
        LossInputs inputs = LossInputs.of(responses);
        Loss loss = options.loss();
        if (loss.needsReference()) {
            DataType type = model.config().dataType();
            inputs = inputs.withReference(graph.placeHolder(REFERENCE, type, -1));
        }
        TrainingGraph training =
                new TrainingGraph(graph, responses.logProbs(), loss.define(graph, inputs));
        training.configure(options, loss);
        return training;
    }

    /** Log-probabilities of labelled rows in a forward graph. */
    static ResponseLogProbs responses(SameDiff graph, DecoderModel model) {
        SDVariable labels = graph.placeHolder(LABELS, DataType.INT32, -1, -1);
        SDVariable logits = graph.getVariable(DecoderModel.LOGITS_2D);
        return ResponseLogProbs.define(graph, logits, labels, model.config().vocabularySize());
    }

    private void configure(TrainingOptions options, Loss loss) {
        List<String> labels = new ArrayList<>(List.of(LABELS));
        if (loss.needsReference()) {
            labels.add(REFERENCE);
        }
        TrainingConfig configuration =
                TrainingConfig.builder()
                        .updater(options.optimizer().updater(options.schedule()))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping(labels)
                        .build();
        compute(configuration, startMetrics().values());
        graph.setTrainingConfig(configuration);
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
