package org.learningdynamics.train;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.model.FusedOps;
import org.learningdynamics.model.GraphSession;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Log-probabilities under a reference model as it is when a batch is made, by a graph of its own.
 * Costs a forward pass a batch. They come from the same operations as the policy's: where both
 * models are equal, rewards are exactly 0.
 */
final class LiveReference implements BatchArray {
    private final GraphSession session;
    private final String logProbs;
    private final BatchPlan plan;

    LiveReference(DecoderModel reference, BatchPlan plan) {
        SameDiff graph = reference.newGraph();
        logProbs = TrainingGraph.responses(graph, reference).logProbs().name();
        FusedOps.fuse(graph); // as the policy's are
        session = new GraphSession(graph);
        this.plan = plan;
    }

    /** Values of a batch: all first responses, then all second ones // [responses · batch]. */
    double[] score(List<TrainingItem> batch) {
        TokenBatch rows = plan.rows(batch);
        try (INDArray ids = Nd4j.createFromArray(rows.inputIds());
                INDArray labels = Nd4j.createFromArray(rows.labels());
                INDArray scores = scores(ids, labels)) {
            return scores.toDoubleVector();
        }
    }

    private INDArray scores(INDArray ids, INDArray labels) {
        Map<String, INDArray> placeholders =
                Map.of(DecoderModel.INPUT_IDS, ids, TrainingGraph.LABELS, labels);
        return Objects.requireNonNull(
                session.pass(List.of(logProbs), placeholders).get(logProbs), logProbs);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public INDArray of(List<TrainingItem> batch, DataType type) {
        return BatchArray.of(score(batch), type);
    }
}
