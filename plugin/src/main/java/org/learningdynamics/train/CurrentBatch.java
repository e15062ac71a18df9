package org.learningdynamics.train;

import java.util.List;
import java.util.function.Supplier;

/** The ids of the examples that the host was given last. */
final class CurrentBatch implements Supplier<List<Long>> {
    private List<Long> ids = List.of();

    void set(List<TrainingItem> items) {
        ids = items.stream().map(TrainingItem::example).toList();
    }

    @Override
    public List<Long> get() {
        return ids;
    }
}
