package org.learningdynamics.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a stage of training learns. */
public enum TrainingMethod {
    /** Every token of a text. */
    PRETRAIN("sft", Form.RESPONSES),
    /** Responses, mean over the batch's tokens. */
    SFT("sft", Form.RESPONSES),
    /** Responses, sum over tokens, mean over rows. */
    SFT_SUM("sft-sum", Form.RESPONSES),
    /** Chosen and rejected responses alike, each as a row of its own. */
    SFT_EXTENDED("sft-extended", Form.RESPONSES),
    /** Direct preference optimisation. */
    DPO("dpo", Form.PAIRS),
    /** DPO with label smoothing. */
    CDPO("cdpo", Form.PAIRS),
    /** Identity preference optimisation. */
    IPO("ipo", Form.PAIRS);

    /** What an example of a method is. */
    enum Form {
        RESPONSES,
        PAIRS
    }

    private final String lossName;
    private final Form form;

    TrainingMethod(String lossName, Form form) {
        this.lossName = lossName;
        this.form = form;
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
        return form == Form.PAIRS;
    }

    /** The name that {@link org.learningdynamics.loss.Losses} knows the loss by. */
    String lossName() {
        return lossName;
    }
}
