package org.learningdynamics.series;

import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.ResponseRow;

/**
 * Chooses what influence is added up: on which responses, by which layers, by which part of the
 * examples. Start with {@link #ofKind} and narrow it.
 *
 * @param kind the observed response kind
 * @param probes the observed probes, every one if empty
 * @param layer the layer group, {@link InfluenceBlock#ALL_LAYERS} for all together
 * @param part the part of the examples, {@link InfluenceBlock#WHOLE} for whole ones
 */
public record AttributionQuery(String kind, Set<Integer> probes, String layer, String part) {
    /**
     * Copies the set.
     *
     * @param kind the observed response kind
     * @param probes the observed probes, every one if empty
     * @param layer the layer group
     * @param part the part of the examples
     */
    public AttributionQuery {
        probes = Set.copyOf(probes);
    }

    /**
     * The influence of whole examples by all layers, as the mean over all responses of a kind.
     *
     * @param kind the observed response kind
     * @return the choice
     */
    public static AttributionQuery ofKind(String kind) {
        return new AttributionQuery(
                kind, Set.of(), InfluenceBlock.ALL_LAYERS, InfluenceBlock.WHOLE);
    }

    /**
     * Observes one more probe.
     *
     * @param probe the probe's id
     * @return the choice with this probe among those observed
     */
    public AttributionQuery probe(int probe) {
        Set<Integer> more = new TreeSet<>(probes);
        more.add(probe);
        return new AttributionQuery(kind, more, layer, part);
    }

    /**
     * Looks at one layer group.
     *
     * @param group the group's name
     * @return the choice by this group alone
     */
    public AttributionQuery layer(String group) {
        return new AttributionQuery(kind, probes, group, part);
    }

    /**
     * Looks at one response of each learnt pair.
     *
     * @param response {@code chosen} or {@code rejected}
     * @return the choice by this part alone
     */
    public AttributionQuery part(String response) {
        return new AttributionQuery(kind, probes, layer, response);
    }

    boolean observes(ResponseRow response) {
        return response.kind().equals(kind)
                && (probes.isEmpty() || probes.contains(response.probe()));
    }

    @Override
    public String toString() {
        return "kind "
                + kind
                + (probes.isEmpty() ? "" : ", probes " + new TreeSet<>(probes))
                + (layer.isEmpty() ? "" : ", layer " + layer)
                + (part.isEmpty() ? "" : ", part " + part);
    }
}
