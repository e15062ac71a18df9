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
 * @param origin what its values come from, the same in a run that is resumed
 */
record References(
        BatchArray logProbs, List<Listener> listeners, Optional<DecoderModel> owned, String origin)
        implements AutoCloseable {
    static References precomputed(ReferenceLogProbs values) {
        return new References(values, List.of(), Optional.empty(), values.digest());
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
                new LiveReference(reference, plan),
                listeners,
                Optional.of(reference),
                "live" + sync.map(s -> " " + s).orElse(""));
    }

    static References none() {
        BatchArray nothing =
                (items, type) -> {
                    throw new IllegalStateException("the loss needs no reference");
                };
        return new References(nothing, List.of(), Optional.empty(), "none");
    }

    /** Counts on from some updates. */
    void resume(int done) {
        for (Listener listener : listeners) {
            if (listener instanceof ReferenceSyncListener sync) {
                sync.resume(done);
            }
        }
    }

    /** Whether the reference is another one after some updates. */
    boolean moves() {
        return !listeners.isEmpty();
    }

    @Override
    public void close() {
        logProbs.close();
        owned.ifPresent(DecoderModel::close);
    }
}
