package org.learningdynamics.recording;

import java.util.List;
import java.util.Locale;

/** What an entry of an influence matrix is. */
public enum InfluenceForm {
    /**
     * The example's own term of the update under the step's optimiser, as change of the response's
     * log-probability (nats).
     */
    UPDATE,
    /** Inner product of the response's gradient and the gradient of the example's loss. */
    DOT,
    /** The inner product divided by the norms of both gradients. */
    COSINE;

    /**
     * The name in run files.
     *
     * @return the name in lower case
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The form with a name in the run file.
     *
     * @param key such as {@code dot}
     * @return the form
     * @throws IllegalArgumentException if there is none of this name
     */
    public static InfluenceForm ofKey(String key) {
        Checks.oneOf("form", List.of(UPDATE.key(), DOT.key(), COSINE.key()), key);
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
