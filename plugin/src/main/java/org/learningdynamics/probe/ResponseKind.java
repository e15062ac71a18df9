package org.learningdynamics.probe;

import java.util.List;

/**
 * Names of the response kinds that the paper's experiments watch. A probe may have others; the
 * names are keys of the probe format and values in the run file.
 */
public final class ResponseKind {
    /** y⁺, the response that is learnt. */
    public static final String CHOSEN = "chosen";

    /** The untuned model's own answer. */
    public static final String CHOSEN_INITIAL = "chosen_initial";

    /** The chosen response in other words. */
    public static final String CHOSEN_SEMANTIC = "chosen_gptsemantic";

    /** The chosen response's form with another meaning. */
    public static final String CHOSEN_FORMAT = "chosen_gptformat";

    /** y⁻, the response that is pushed down. */
    public static final String REJECTED = "rejected";

    /** The rejected response in other words. */
    public static final String REJECTED_SEMANTIC = "reject_gptsemantic";

    /** The rejected response's form with another meaning. */
    public static final String REJECTED_FORMAT = "reject_gptformat";

    /** The chosen response of another training example. */
    public static final String IRRELEVANT_TRAIN = "irr_train";

    /** The chosen response of a held-out example. */
    public static final String IRRELEVANT_TEST = "irr_test";

    /** An unrelated human sentence. */
    public static final String IRRELEVANT_HUMAN = "irr_hum";

    /** The words of the chosen response, shuffled. */
    public static final String RANDOM_PERMUTE = "random_permute";

    /** The words of {@link #IRRELEVANT_TEST}, shuffled. */
    public static final String RANDOM_NON_HUMAN = "random_nonhum";

    /** All of the above, in the order in which tables and charts show them. */
    public static final List<String> STANDARD =
            List.of(
                    CHOSEN,
                    CHOSEN_INITIAL,
                    CHOSEN_SEMANTIC,
                    CHOSEN_FORMAT,
                    REJECTED,
                    REJECTED_SEMANTIC,
                    REJECTED_FORMAT,
                    IRRELEVANT_TRAIN,
                    IRRELEVANT_TEST,
                    IRRELEVANT_HUMAN,
                    RANDOM_PERMUTE,
                    RANDOM_NON_HUMAN);

    /** Those that {@link ProbeDerivation} makes. */
    public static final List<String> DERIVED =
            List.of(
                    IRRELEVANT_TRAIN,
                    IRRELEVANT_TEST,
                    IRRELEVANT_HUMAN,
                    RANDOM_PERMUTE,
                    RANDOM_NON_HUMAN);

    private ResponseKind() {}
}
