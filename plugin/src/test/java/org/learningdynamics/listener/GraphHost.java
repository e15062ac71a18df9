package org.learningdynamics.listener;

import org.learningdynamics.train.BatchSplit;
import org.learningdynamics.train.TrainingLoop;
import org.nd4j.autodiff.listeners.records.History;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** What trains a SameDiff graph. */
@FunctionalInterface
interface GraphHost {
    /** SameDiff's own loop. */
    GraphHost FIT = SameDiff::fit;

    /** Ours, doing the same. */
    GraphHost LOOP = (graph, batches, epochs) -> fit(TrainingLoop.builder(graph), batches, epochs);

    /** Ours with gradients added up over three micro-batches and clipped. */
    GraphHost ACCUMULATING =
            (graph, batches, epochs) ->
                    fit(
                            TrainingLoop.builder(graph)
                                    .split(BatchSplit.byExamples(3))
                                    .maxGradientNorm(0.1),
                            batches,
                            epochs);

    History fit(SameDiff graph, MultiDataSetIterator batches, int epochs);

    private static History fit(
            TrainingLoop.Builder builder, MultiDataSetIterator batches, int epochs) {
        try (TrainingLoop loop = builder.build()) {
            return loop.fit(batches, epochs);
        }
    }
}
