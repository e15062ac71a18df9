package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.IEvaluation;

/**
 * Makes SameDiff compute variables in a training iteration that are off the gradients' path, the
 * loss among them: SameDiff 1.0.0-M2.1 executes only what gradients need and otherwise reports a
 * loss of 0.
 *
 * <p>An iteration also executes the variables that the training configuration names for evaluation;
 * so they are named there, with no evaluation, from the start of an iteration until its first op.
 * The user's own maps are not touched: copies stand in for them, for that moment. Should the host
 * throw within it (a placeholder without a value), the copies stay until the next iteration of any
 * listener of ours; they change no result.
 */
@SuppressWarnings("rawtypes") // as the host declares them
final class RequestedVariables {
    private RequestedVariables() {}

    static void add(TrainingConfig configuration, Collection<String> names) {
        if (!(configuration.getTrainEvaluations() instanceof StandIn)) {
            StandIn standIn = new StandIn(configuration);
            configuration.setTrainEvaluations(standIn);
            configuration.setTrainEvaluationLabels(standIn.labels);
        }
        if (configuration.getTrainEvaluations() instanceof StandIn standIn) {
            for (String name : names) {
                standIn.putIfAbsent(name, new ArrayList<>());
                standIn.labels.putIfAbsent(name, 0);
            }
        }
    }

    static void withdraw(TrainingConfig configuration) {
        if (configuration.getTrainEvaluations() instanceof StandIn standIn) {
            configuration.setTrainEvaluations(standIn.original);
            configuration.setTrainEvaluationLabels(standIn.originalLabels);
        }
    }

    private static final class StandIn extends HashMap<String, List<IEvaluation>> {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable Map<String, List<IEvaluation>> original;
        private final transient @Nullable Map<String, Integer> originalLabels;
        private final transient Map<String, Integer> labels = new HashMap<>();

        StandIn(TrainingConfig configuration) {
            original = configuration.getTrainEvaluations();
            originalLabels = configuration.getTrainEvaluationLabels();
            if (original != null) {
                putAll(original);
            }
            if (originalLabels != null) {
                labels.putAll(originalLabels);
            }
        }
    }
}
