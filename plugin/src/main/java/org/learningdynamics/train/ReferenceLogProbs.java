package org.learningdynamics.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Log-probabilities of responses under the reference model, computed once before training and kept
 * by example. They come from the same operations on the same batches that training begins with: if
 * the reference is the model itself, the first rewards are exactly 0.
 */
final class ReferenceLogProbs implements BatchArray {
    private final Map<Long, double[]> byExample = new HashMap<>();

    /** Scores every example that the plan's first epoch holds, which is all that is trained on. */
    static ReferenceLogProbs of(DecoderModel reference, BatchPlan plan) {
        ReferenceLogProbs result = new ReferenceLogProbs();
        LiveReference scorer = new LiveReference(reference, plan);
        for (List<TrainingItem> batch : plan.epoch(0)) {
            result.add(batch, scorer.score(batch));
        }
        return result;
    }

    private void add(List<TrainingItem> batch, double[] scores) {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            double[] responses = new double[scores.length / size];
            for (int k = 0; k < responses.length; k++) {
                responses[k] = scores[k * size + i];
            }
            if (byExample.put(batch.get(i).example(), responses) != null) {
                throw new IllegalArgumentException(
                        "example ids must be unique, got " + batch.get(i).example() + " twice");
            }
        }
    }

    /** Values of a batch: all first responses, then all second ones // [responses · batch]. */
    @Override
    public INDArray of(List<TrainingItem> batch, DataType type) {
        int size = batch.size();
        int responses = batch.get(0).responses().size();
        double[] values = new double[responses * size];
        for (int i = 0; i < size; i++) {
            double[] own = byExample.get(batch.get(i).example());
            if (own == null) {
                throw new IllegalStateException(
                        "example " + batch.get(i).example() + " has no reference log-probability");
            }
            for (int k = 0; k < responses; k++) {
                values[k * size + i] = own[k];
            }
        }
        return BatchArray.of(values, type);
    }
}
