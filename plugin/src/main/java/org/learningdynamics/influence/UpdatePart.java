package org.learningdynamics.influence;

/** A direction in which a parameter was moved. */
enum UpdatePart {
    /** θ_{t+1} − θ_t. */
    STEP,
    /** scale·D∘g. */
    BATCH,
    /** The optimiser's memory. */
    HISTORY,
    /** Regularisation and weight decay. */
    DECAY
}
