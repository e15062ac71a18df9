package org.learningdynamics.recording;

import java.util.List;

/**
 * What one checkpoint adds to the attributions of a block of training examples. Stored whole or not
 * at all, together with the mark that it is done: totals and recordings are added to what is there,
 * and a block that is done already is refused and counted as lost. A NaN makes its total NaN for
 * good.
 *
 * @param scored which checkpoint and block
 * @param rows what is added to the table {@code attribution}
 * @param selfInfluences what is added to the table {@code self_influence}
 */
public record AttributionBlock(
        ScoredBlock scored, List<AttributionRow> rows, List<SelfInfluenceRow> selfInfluences)
        implements Measurement {
    /**
     * Copies the lists.
     *
     * @param scored which checkpoint and block
     * @param rows what is added to the attributions
     * @param selfInfluences what is added to the self-influences
     */
    public AttributionBlock {
        rows = List.copyOf(rows);
        selfInfluences = List.copyOf(selfInfluences);
    }
}
