package org.learningdynamics.train;

import java.util.List;
import java.util.Optional;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.Listener;

/**
 * The reference of one run: where its log-probabilities come from, and what moves it.
 *
 * @param logProbs for every batch
 * @param listeners that move the reference
 * @param owned a copy that is closed after the run
 */
record References(BatchArray logProbs, List<Listener> listeners, Optional<DecoderModel> owned)
        implements AutoCloseable {
    static References precomputed(DecoderModel reference, BatchPlan plan) {
        return new References(ReferenceLogProbs.of(reference, plan), List.of(), Optional.empty());
    }

    /** A model of its own, as the given one may be the policy, or must not be moved. */
    static References live(
            DecoderModel policy, DecoderModel start, Optional<ReferenceSync> sync, BatchPlan plan) {
        DecoderModel reference = start.copy();
        List<Listener> listeners =
                sync.stream()
                        .<Listener>map(s -> new ReferenceSyncListener(s, policy, reference))
                        .toList();
        return new References(
                new LiveReference(reference, plan), listeners, Optional.of(reference));
    }

    static References none() {
        BatchArray nothing =
                (items, type) -> {
                    throw new IllegalStateException("the loss needs no reference");
                };
        return new References(nothing, List.of(), Optional.empty());
    }

    @Override
    public void close() {
        owned.ifPresent(DecoderModel::close);
    }
}
