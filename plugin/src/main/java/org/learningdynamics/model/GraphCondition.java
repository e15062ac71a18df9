package org.learningdynamics.model;

/** When a verdict of the survey applies to an op of a graph. */
public enum GraphCondition {
    /** In every use. */
    ALWAYS("always"),
    /** The result reaches the loss by something else than plain sums. */
    SCALED_LATER("its result is weighted, averaged or otherwise changed on the way to the loss"),
    /** A trained operand has fewer values than the result. */
    BROADCAST("its operands differ in shape"),
    /** The second operand is a scalar that gets a gradient. */
    SCALAR_OPERAND("its second operand is a scalar that depends on trained variables"),
    /** The input is no vector. */
    NOT_RANK_1("its input is not of rank 1"),
    /** The last two dimensions differ. */
    NOT_SQUARE("its matrices are not square"),
    /** Dimensions are counted from the end and kept. */
    NEGATIVE_DIMENSION_KEPT("a negative dimension is reduced and kept"),
    /** The variance divides by n. */
    NOT_BIAS_CORRECTED("biasCorrected is false"),
    /** Some dimensions are reduced and not kept. */
    DIMENSIONS_DROPPED("some dimensions are reduced and not kept"),
    /** The input has a dimension of size 1. */
    UNIT_DIMENSION("its input has a dimension of size 1, such as a batch of one"),
    /** A matrix times a vector, or ranks that differ otherwise. */
    RANKS_DIFFER("its operands differ in rank"),
    /** An index occurs more than once. */
    REPEATED_INDICES("an index occurs more than once"),
    /** The dimension is given instead of left to the default. */
    DIMENSION_GIVEN("the dimension is given"),
    /** Padding copies values of the input. */
    PAD_NOT_CONSTANT("the padding mode is not CONSTANT"),
    /** Inputs beyond x, W, R and b. */
    INITIAL_STATE("an initial state is given"),
    /** Weights have the shape of the predictions. */
    WEIGHT_PER_ELEMENT("there is one weight an element"),
    /** Inputs are huge, or exactly zero. */
    EXTREME_VALUES("inputs are around ±800 or beyond, or all exactly zero");

    private final String description;

    GraphCondition(String description) {
        this.description = description;
    }

    /**
     * The condition in words.
     *
     * @return the part of a sentence that follows "if"
     */
    public String description() {
        return description;
    }
}
