package org.learningdynamics.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Log-probabilities of pairs under the reference model, computed once before training and kept by
 * example. They come from the same operations on the same batches that training begins with: if the
 * reference is the model itself, the first rewards are exactly 0.
 */
final class ReferenceLogProbs {
    private final Map<Long, double[]> byExample = new HashMap<>();

    /** Scores every example that the plan's first epoch holds, which is all that is trained on. */
    static ReferenceLogProbs of(DecoderModel reference, BatchPlan plan) {
        ReferenceLogProbs result = new ReferenceLogProbs();
        SameDiff graph = reference.newGraph();
        SDVariable logProbs = TrainingGraph.responses(graph, reference).logProbs();
        for (List<TrainingItem> batch : plan.epoch(0)) {
            result.add(batch, score(graph, logProbs.name(), plan.rows(batch)));
        }
        return result;
    }

    private static double[] score(SameDiff graph, String logProbs, TokenBatch rows) {
        try (INDArray ids = Nd4j.createFromArray(rows.inputIds());
                INDArray labels = Nd4j.createFromArray(rows.labels());
                INDArray scores =
                        graph.outputSingle(
                                Map.of(DecoderModel.INPUT_IDS, ids, TrainingGraph.LABELS, labels),
                                logProbs)) {
            return scores.toDoubleVector();
        }
    }

    private void add(List<TrainingItem> batch, double[] scores) {
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            double[] pair = {scores[i], scores[size + i]};
            if (byExample.put(batch.get(i).example(), pair) != null) {
                throw new IllegalArgumentException(
                        "example ids must be unique, got " + batch.get(i).example() + " twice");
            }
        }
    }

    /** Values of a batch: chosen ones, then rejected ones // [2 · batch]. */
    INDArray of(List<TrainingItem> batch, DataType type) {
        int size = batch.size();
        double[] values = new double[2 * size];
        for (int i = 0; i < size; i++) {
            double[] pair = byExample.get(batch.get(i).example());
            if (pair == null) {
                throw new IllegalStateException(
                        "example " + batch.get(i).example() + " has no reference log-probability");
            }
            values[i] = pair[0];
            values[size + i] = pair[1];
        }
        try (INDArray doubles = Nd4j.createFromArray(values)) {
            return type == DataType.DOUBLE ? doubles.dup() : doubles.castTo(type);
        }
    }
}
