package org.learningdynamics.listener;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.model.ModelView;
import org.learningdynamics.model.PackedView;

/**
 * How probes go through the model at a recording: a row a response, or packed by prompt where there
 * is a view for that. Responses whose influence is measured go a row each, as their likelihoods
 * before the update do: the difference is then free of rounding between two forms.
 *
 * @param batches a row a response
 * @param packs the others
 * @param packed takes the packs
 */
record ProbePass(List<ProbeBatch> batches, List<PackedProbes> packs, Optional<PackedView> packed)
        implements AutoCloseable {
    static ProbePass padded(Probes probes) {
        return new ProbePass(probes.batches(), List.of(), Optional.empty());
    }

    static ProbePass packed(
            TokenProbes probes, PackedView view, Optional<InfluenceOptions> influence) {
        Set<ProbeBatch> observed = Collections.newSetFromMap(new IdentityHashMap<>());
        influence.ifPresent(
                options ->
                        ObservedRows.of(probes, options.responses())
                                .forEach(some -> observed.add(some.source())));
        List<ProbeBatch> batches = probes.batches().stream().filter(observed::contains).toList();
        return new ProbePass(batches, probes.packs(batches), Optional.of(view));
    }

    void measure(MeasuredProbes measured, ModelView view) {
        measured.measure(batches, view::logits);
        packed.ifPresent(
                other -> {
                    other.refresh();
                    measured.measurePacked(packs, other);
                });
    }

    /** Frees the arrays of the packs and their view. */
    @Override
    public void close() {
        packed.ifPresent(PackedView::close);
        packs.forEach(pack -> pack.input().close());
    }
}
