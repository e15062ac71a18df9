package org.learningdynamics.samples.facts;

/** What the oracle thinks of an answer, from worst to best. */
public enum Verdict {
    /** Neither the asked-for fact nor a sentence of the world's language. */
    NONSENSE,
    /** A well-formed answer to the question that is not true. */
    WRONG,
    /** States the right value and no other one, but not as a well-formed sentence. */
    GARBLED,
    /** True and well formed. */
    RIGHT
}
