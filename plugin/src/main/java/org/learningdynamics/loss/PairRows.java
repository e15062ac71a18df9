package org.learningdynamics.loss;

/** Which responses of pairs a {@link ResponseLoss} looks at when it is a term of a sum. */
public enum PairRows {
    /** The chosen ones: learnt from. */
    CHOSEN,
    /** The rejected ones: unlearnt. */
    REJECTED,
    /** Both, each an example of its own; chosen ones are desirable. */
    BOTH
}
