package org.learningdynamics.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.data.Sha256;
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
        return of(reference, plan, plan.epoch(0));
    }

    /** Scores every example of some batches. */
    static ReferenceLogProbs of(
            DecoderModel reference, BatchPlan plan, List<List<TrainingItem>> batches) {
        ReferenceLogProbs result = new ReferenceLogProbs();
        try (LiveReference scorer = new LiveReference(reference, plan)) {
            for (List<TrainingItem> batch : batches) {
                result.add(batch, scorer.score(batch));
            }
        }
        return result;
    }

    /** Values that are known already // [items][responses]. */
    static ReferenceLogProbs of(List<TrainingItem> items, double[][] values) {
        ReferenceLogProbs result = new ReferenceLogProbs();
        for (int i = 0; i < items.size(); i++) {
            result.add(List.of(items.get(i)), values[i]);
        }
        return result;
    }

    /** Values by item // [items][responses]. */
    double[][] values(List<TrainingItem> items) {
        return items.stream().map(item -> own(item).clone()).toArray(double[][]::new);
    }

    /** SHA-256 of all examples' ids and values. */
    String digest() {
        return Sha256.ofParts(
                new TreeMap<>(byExample)
                        .entrySet().stream()
                                .map(e -> e.getKey() + Arrays.toString(e.getValue()))
                                .toList());
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

    private double[] own(TrainingItem item) {
        double[] own = byExample.get(item.example());
        if (own == null) {
            throw new IllegalStateException(
                    "example " + item.example() + " has no reference log-probability");
        }
        return own;
    }

    /** Values of a batch: all first responses, then all second ones // [responses · batch]. */
    @Override
    public INDArray of(List<TrainingItem> batch, DataType type) {
        int size = batch.size();
        int responses = batch.get(0).responses().size();
        double[] values = new double[responses * size];
        for (int i = 0; i < size; i++) {
            double[] own = own(batch.get(i));
            for (int k = 0; k < responses; k++) {
                values[k * size + i] = own[k];
            }
        }
        return BatchArray.of(values, type);
    }
}
