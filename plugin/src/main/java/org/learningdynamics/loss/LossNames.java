package org.learningdynamics.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads names that are composed of losses: {@code dpo:js}, {@code dpo+0.2*sft}. */
final class LossNames {
    private LossNames() {}

    static boolean isSum(String name) {
        return name.indexOf('+') >= 0 || name.indexOf('*') >= 0;
    }

    static Loss sum(String name, LossParameters parameters) {
        List<WeightedLoss.Term> terms = new ArrayList<>();
        for (String text : name.split("\\+", -1)) {
            int star = text.indexOf('*');
            String loss = text.substring(star + 1).strip();
            double weight = star < 0 ? 1 : weight(text.substring(0, star).strip(), name);
            terms.add(new WeightedLoss.Term(weight, single(loss, parameters.ofTerm(loss))));
        }
        return new WeightedLoss(terms);
    }

    private static double weight(String text, String name) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "weights in " + name + " must be numbers, got " + text, e);
        }
    }

    static Loss single(String name, LossParameters parameters) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return Losses.plain(name, parameters);
        }
        FDivergence.Kind kind = kind(name.substring(colon + 1));
        if (Losses.plain(name.substring(0, colon), parameters) instanceof MarginLoss base) {
            return new DivergenceLoss(base, divergence(kind, parameters));
        }
        throw new IllegalArgumentException(
                "a divergence needs a loss of the margin alone, got " + name);
    }

    private static FDivergence divergence(FDivergence.Kind kind, LossParameters parameters) {
        return kind == FDivergence.Kind.ALPHA
                ? new FDivergence(
                        kind, parameters.get(LossParameters.F_ALPHA, FDivergence.DEFAULT_ALPHA))
                : new FDivergence(kind);
    }

    private static FDivergence.Kind kind(String label) {
        return Arrays.stream(FDivergence.Kind.values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "divergence must be one of "
                                                + labels()
                                                + ", got "
                                                + label));
    }

    private static String labels() {
        return Arrays.stream(FDivergence.Kind.values())
                .map(FDivergence.Kind::label)
                .collect(Collectors.joining(", "));
    }
}
