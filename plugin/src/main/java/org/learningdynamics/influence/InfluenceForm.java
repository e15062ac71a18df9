package org.learningdynamics.influence;

import java.util.Locale;

/** What is meant by the influence of a learnt row on an observed one. */
public enum InfluenceForm {
    /**
     * The learnt row's term of the update's first-order effect, under the step's own optimiser:
     * {@code −scale·⟨∇_o, D∘g_i⟩} (nats). Its sum over the batch is {@code from_batch}.
     */
    UPDATE,
    /** The plain inner product {@code ⟨∇_o, g_i⟩}, whatever the optimiser does with it. */
    DOT,
    /** The plain inner product over both norms, from −1 to 1; NaN where a norm is 0. */
    COSINE;

    /**
     * The name in recordings.
     *
     * @return lower-case name
     */
    public String recordedName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
