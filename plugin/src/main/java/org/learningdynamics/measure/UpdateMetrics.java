package org.learningdynamics.measure;

import java.util.Map;

/** A trained thing that tells scalars of its last parameter update, for a listener to record. */
@FunctionalInterface
public interface UpdateMetrics {
    /**
     * Scalars of the batch of the last update, taken before the parameters moved.
     *
     * @return values by name, in the order of recording; empty before the first update
     */
    Map<String, Double> updateMetrics();
}
