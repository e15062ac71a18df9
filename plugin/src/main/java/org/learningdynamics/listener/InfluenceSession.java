package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.Severity;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The gradient view of a listener and what it has told of it so far. */
final class InfluenceSession implements AutoCloseable {
    private final InfluenceOptions options;
    private final GradientView view;
    private final Set<String> told = new TreeSet<>();
    private final Optional<KernelDrift> drift;
    private List<ObservedRows> observed = List.of();
    private long measured;
    private final Map<String, Long> idOfContent = new TreeMap<>();

    InfluenceSession(InfluenceOptions options, GradientView view) {
        this.options = options;
        this.view = view;
        drift = options.kernel().map(chosen -> new KernelDrift(options.memoryBytes()));
    }

    InfluenceOptions options() {
        return options;
    }

    /** On the probe thread, after the probes were measured. */
    Interactions measure(long step, Probes probes, MeasuredProbes measured, LearntUpdate update) {
        InteractionMeasurement measurement =
                new InteractionMeasurement(step, options, probes, observed(probes), measured);
        Interactions interactions = measurement.measure(view, update, kernel());
        for (String sentence : view.fallbacks()) {
            if (told.add(sentence)) {
                measured.add(new Event(step, Severity.INFO, "influence_fallback", sentence));
            }
        }
        return interactions;
    }

    /** Made once. */
    private List<ObservedRows> observed(Probes probes) {
        if (observed.isEmpty()) {
            observed = ObservedRows.of(probes, options.responses());
        }
        return observed;
    }

    /** What is to be known of the kernel at this recording. */
    private Optional<KernelDrift> kernel() {
        boolean due =
                options.kernel().isPresent() && measured % options.kernel().get().every() == 0;
        measured++;
        return due ? drift : Optional.empty();
    }

    /**
     * Ids of the examples of a batch: the user's own, or by content.
     *
     * @param batch features and labels, the first with one entry a row
     * @param fresh told of contents that are new
     */
    List<Long> ids(List<INDArray> batch, Consumer<ExampleRow> fresh) {
        if (options.exampleIds().isPresent()) {
            return options.exampleIds().get().get();
        }
        List<Long> ids = new ArrayList<>();
        int rows = (int) batch.get(0).size(0);
        for (String digest : RowDigests.of(batch, rows, options.layout())) {
            Long known = idOfContent.get(digest);
            if (known == null) {
                known = (long) idOfContent.size();
                idOfContent.put(digest, known);
                fresh.accept(new ExampleRow(known, digest, ""));
            }
            ids.add(known);
        }
        return ids;
    }

    @Override
    public void close() {
        view.close();
    }
}
