package org.learningdynamics.loss;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A loss defined in a graph.
 *
 * @param loss the scalar to minimise, marked as loss variable // []
 * @param perExample loss of each pair (pairwise) or row; the loss is their mean // [examples]
 * @param metrics scalars to record every iteration, by TRL's names such as {@code rewards/margins};
 *     the variables' own names have underscores instead of slashes // each []
 */
public record LossGraph(SDVariable loss, SDVariable perExample, Map<String, SDVariable> metrics) {
    /**
     * Copies the map.
     *
     * @param loss scalar
     * @param perExample vector
     * @param metrics scalars
     */
    public LossGraph {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
