package org.learningdynamics.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a stage of training learns. */
public enum TrainingMethod {
    /** Every token of a text. */
    PRETRAIN(Examples.TEXTS, "sft"),
    /** Responses, mean over the batch's tokens. */
    SFT(Examples.CHOSEN),
    /** Responses, sum over tokens, mean over rows. */
    SFT_SUM(Examples.CHOSEN),
    /** Chosen and rejected responses alike, each as a row of its own. */
    SFT_EXTENDED(Examples.BOTH),
    /** Responses, tokens weighted by their probability. */
    DFT(Examples.CHOSEN),
    /** Direct preference optimisation. */
    DPO(Examples.PAIRS),
    /** DPO with label smoothing. */
    CDPO(Examples.PAIRS),
    /** Identity preference optimisation. */
    IPO(Examples.PAIRS),
    /** IPO on log-ratios per token. */
    IPO_LENGTH_NORMALIZED(Examples.PAIRS),
    /** DPO, unbiased under flipped labels. */
    ROBUST(Examples.PAIRS),
    /** Hinge loss of the margin. */
    HINGE(Examples.PAIRS),
    /** Reverse divergence from the smoothed preference. */
    EXO(Examples.PAIRS),
    /** Discovered log-ratio modulated loss. */
    DISCOPOP(Examples.PAIRS),
    /** Noise contrastive alignment. */
    NCA(Examples.PAIRS),
    /** Binary classifier optimisation, with a running mean reward. */
    BCO(Examples.PAIRS),
    /** Self-play preference optimisation. */
    SPPO(Examples.PAIRS),
    /** Calibrated DPO. */
    CAL_DPO(Examples.PAIRS),
    /** Anchored optimisation that raises chosen responses. */
    APO_ZERO(Examples.PAIRS),
    /** Anchored optimisation that lowers both responses. */
    APO_DOWN(Examples.PAIRS),
    /** Optimal transport between sorted margins. */
    AOT(Examples.PAIRS),
    /** Optimal transport between sorted log-ratios. */
    AOT_UNPAIRED(Examples.PAIRS),
    /** DPO on log-ratios per token. */
    DPO_NORM(Examples.PAIRS),
    /** Mean log-probabilities with a target margin. */
    SIMPO(Examples.PAIRS),
    /** Contrastive optimisation with likelihood. */
    CPO(Examples.PAIRS),
    /** Odds ratios with likelihood. */
    ORPO(Examples.PAIRS),
    /** DPO with likelihood per token. */
    RPO(Examples.PAIRS),
    /** Likelihood per token with DPO. */
    ITERATIVE_RPO(Examples.PAIRS),
    /** DPO that charges for falling chosen responses. */
    DPOP(Examples.PAIRS),
    /** Responses with a label each; half of a preference is desirable. */
    KTO(Examples.LABELLED),
    /** Unlearns rejected responses, more slowly the less likely they are. */
    NPO(Examples.REJECTED),
    /** Unlearns rejected responses without end. */
    GRADIENT_ASCENT(Examples.REJECTED);

    /** What an example of a method is. */
    enum Form {
        RESPONSES("single responses"),
        PAIRS("pairs"),
        LABELLED("labelled responses");

        private final String words;

        Form(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What a method makes of preferences. */
    enum Examples {
        TEXTS(Form.RESPONSES),
        CHOSEN(Form.RESPONSES),
        REJECTED(Form.RESPONSES),
        BOTH(Form.RESPONSES),
        PAIRS(Form.PAIRS),
        LABELLED(Form.LABELLED);

        private final Form form;

        Examples(Form form) {
            this.form = form;
        }
    }

    private final Examples examples;
    private final String lossName;

    TrainingMethod(Examples examples) {
        this.examples = examples;
        this.lossName = label();
    }

    TrainingMethod(Examples examples, String lossName) {
        this.examples = examples;
        this.lossName = lossName;
    }

    /**
     * The method with a name.
     *
     * @param name such as {@code sft-extended}
     * @return the method
     * @throws IllegalArgumentException if no method has this name
     */
    public static TrainingMethod of(String name) {
        return Arrays.stream(values())
                .filter(method -> method.label().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "method must be one of " + labels() + ", got " + name));
    }

    private static String labels() {
        return Arrays.stream(values()).map(TrainingMethod::label).collect(Collectors.joining(", "));
    }

    /**
     * The method's name in options and run files.
     *
     * @return lower case, words joined by hyphens
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Tells whether examples are pairs of a chosen and a rejected response.
     *
     * @return true for the preference losses
     */
    public boolean isPairwise() {
        return form() == Form.PAIRS;
    }

    Form form() {
        return examples.form;
    }

    Examples examples() {
        return examples;
    }

    /** The name that {@link org.learningdynamics.loss.Losses} knows the loss by. */
    String lossName() {
        return lossName;
    }
}
