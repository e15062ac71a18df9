package org.learningdynamics.export;

import java.util.ArrayList;
import java.util.List;

/**
 * The four orders of rows in circulation of the reference's array {@code [recordings, rows,
 * probes]}, told apart by the number of rows and the sign of the first: a norm is positive, a
 * log-probability negative.
 */
enum ReferenceLayout {
    /** 17 rows, norm first: the norms of all kinds, the log-probability of chosen alone. */
    NORMS(17, true),
    /** 17 rows, log-probability first: the log-probabilities of all kinds. */
    LOG_PROBS(17, false),
    /** 28 rows, log-probability first: both of all kinds. */
    LOG_PROBS_AND_NORMS(28, false),
    /** 28 rows, norm first: both of all kinds. */
    NORMS_AND_LOG_PROBS(28, true);

    static final String CHOSEN = "chosen";

    /** The kind whose measures the older writer left in the rows without a kind. */
    static final String LAST_KIND = "random_nonhum";

    /** The kinds in the reference's order. */
    static final List<String> KINDS =
            List.of(
                    CHOSEN,
                    "chosen_initial",
                    "chosen_gptsemantic",
                    "chosen_gptformat",
                    "rejected",
                    "reject_gptsemantic",
                    "reject_gptformat",
                    "irr_train",
                    "irr_test",
                    "irr_hum",
                    "random_permute",
                    LAST_KIND);

    private final int rows;
    private final boolean normFirst;

    ReferenceLayout(int rows, boolean normFirst) {
        this.rows = rows;
        this.normFirst = normFirst;
    }

    static ReferenceLayout of(long rows, boolean normFirst) {
        for (ReferenceLayout layout : values()) {
            if (layout.rows == rows && layout.normFirst == normFirst) {
                return layout;
            }
        }
        throw new IllegalArgumentException("array must have 17 or 28 rows, got " + rows);
    }

    /** What each row holds // [rows]. */
    List<ReferenceSlot> slots(SharedRows shared) {
        boolean ofChosen = normFirst || shared == SharedRows.OF_CHOSEN;
        List<ReferenceSlot> slots = new ArrayList<>(shared(ofChosen ? CHOSEN : LAST_KIND));
        for (String kind : KINDS.subList(1, KINDS.size())) {
            slots.addAll(others(kind));
        }
        return List.copyOf(slots);
    }

    /** The six rows that begin an array. */
    private List<ReferenceSlot> shared(String owner) {
        ReferenceSlot logProb = new ReferenceSlot(CHOSEN, ReferenceMeasure.LOG_PROB);
        ReferenceSlot argmax = new ReferenceSlot(owner, ReferenceMeasure.ARGMAX);
        ReferenceSlot rest = new ReferenceSlot(owner, ReferenceMeasure.REST);
        ReferenceSlot gap = new ReferenceSlot(owner, ReferenceMeasure.GAP);
        ReferenceSlot energy = new ReferenceSlot(owner, ReferenceMeasure.ENERGY);
        String normed = this == LOG_PROBS ? owner : CHOSEN;
        ReferenceSlot norm = new ReferenceSlot(normed, ReferenceMeasure.PEAKINESS);
        return normFirst
                ? List.of(norm, logProb, argmax, rest, gap, energy)
                : List.of(logProb, argmax, rest, norm, gap, energy);
    }

    private List<ReferenceSlot> others(String kind) {
        ReferenceSlot norm = new ReferenceSlot(kind, ReferenceMeasure.PEAKINESS);
        ReferenceSlot logProb = new ReferenceSlot(kind, ReferenceMeasure.LOG_PROB);
        return switch (this) {
            case NORMS -> List.of(norm);
            case LOG_PROBS -> List.of(logProb);
            case LOG_PROBS_AND_NORMS -> List.of(logProb, norm);
            case NORMS_AND_LOG_PROBS -> List.of(norm, logProb);
        };
    }
}
