package org.learningdynamics.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of measures in the reference's {@code metrics.json}. */
final class ReferenceKeys {
    static final String ARGMAX = "argmax_prob_logits";
    static final String REST = "except_argmax_prob_logits";
    static final String GAP = "p_e";
    static final String ENERGY = "energy";

    private static final String NORM = "A_o";
    private static final String LOG_PROB = "logps_eval_prob_train/";
    private static final Map<String, ReferenceMeasure> SHARED =
            Map.of(
                    ARGMAX,
                    ReferenceMeasure.ARGMAX,
                    REST,
                    ReferenceMeasure.REST,
                    GAP,
                    ReferenceMeasure.GAP,
                    ENERGY,
                    ReferenceMeasure.ENERGY,
                    NORM,
                    ReferenceMeasure.PEAKINESS);

    private ReferenceKeys() {}

    static String logProb(String kind) {
        return LOG_PROB + kind;
    }

    static String norm(String kind) {
        return kind + "_" + NORM;
    }

    /**
     * What the keys of a line are. The writer that keeps the measures without a kind of {@code
     * chosen} begins with its norm, the older one, which leaves those of the last kind, with a
     * log-probability.
     */
    static Map<String, ReferenceSlot> slots(List<String> keys, SharedRows shared) {
        Map<String, ReferenceSlot> slots = new LinkedHashMap<>();
        String last = ReferenceLayout.CHOSEN;
        for (String key : keys) {
            if (key.startsWith(LOG_PROB) && key.length() > LOG_PROB.length()) {
                last = key.substring(LOG_PROB.length());
                slots.put(key, new ReferenceSlot(last, ReferenceMeasure.LOG_PROB));
            } else if (key.endsWith("_" + NORM) && key.length() > NORM.length() + 1) {
                last = key.substring(0, key.length() - NORM.length() - 1);
                slots.put(key, new ReferenceSlot(last, ReferenceMeasure.PEAKINESS));
            }
        }
        if (slots.isEmpty() && keys.stream().noneMatch(SHARED::containsKey)) {
            throw new IllegalArgumentException(
                    "keys must contain a measure of the reference, got "
                            + Numbers.show(String.join(", ", keys)));
        }
        boolean ofChosen =
                shared == SharedRows.OF_CHOSEN || keys.get(0).equals(norm(ReferenceLayout.CHOSEN));
        String owner = ofChosen ? ReferenceLayout.CHOSEN : last;
        for (String key : keys) {
            ReferenceMeasure measure = SHARED.get(key);
            if (measure != null) {
                slots.put(key, new ReferenceSlot(owner, measure));
            }
        }
        return slots;
    }
}
