package org.learningdynamics.model;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;

/** Looks up variables of a graph by name; what is missing is answered with what there is. */
final class GraphNames {
    private static final int MAX_LISTED = 30;

    private GraphNames() {}

    static SDVariable placeholder(SameDiff sameDiff, String name) {
        return find(sameDiff, name, SDVariable::isPlaceHolder, "placeholder", "placeholders");
    }

    /** Logits must come out of an op; their shape is known only once it has run. */
    static SDVariable logits(SameDiff sameDiff, String name) {
        return find(
                sameDiff,
                name,
                GraphNames::canBeLogits,
                "floating-point op output",
                "floating-point op outputs");
    }

    private static boolean canBeLogits(SDVariable variable) {
        return variable.getVariableType() == VariableType.ARRAY && variable.dataType().isFPType();
    }

    private static SDVariable find(
            SameDiff sameDiff,
            String name,
            Predicate<SDVariable> fits,
            String singular,
            String plural) {
        if (!sameDiff.hasVariable(name)) {
            throw new IllegalArgumentException(
                    "no variable named \"" + name + "\"; " + plural + ": " + list(sameDiff, fits));
        }
        SDVariable variable = sameDiff.getVariable(name);
        if (!fits.test(variable)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "\"%s\" must be a %s, got a variable of type %s and data type %s; %s:"
                                    + " %s",
                            name,
                            singular,
                            variable.getVariableType(),
                            variable.dataType(),
                            plural,
                            list(sameDiff, fits)));
        }
        return variable;
    }

    private static String list(SameDiff sameDiff, Predicate<SDVariable> fits) {
        List<String> names =
                sameDiff.variables().stream()
                        .filter(fits)
                        .map(SDVariable::name)
                        .sorted()
                        .collect(Collectors.toList());
        if (names.size() <= MAX_LISTED) {
            return names.toString();
        }
        return names.subList(0, MAX_LISTED) + " and " + (names.size() - MAX_LISTED) + " more";
    }
}
