package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;

/**
 * All uses of one parameter in a graph, as far as they have a rule.
 *
 * @param parameter name of the variable
 * @param uses one a reading op; empty if there is a reason
 * @param reason why the parameter has no rule; empty if it has
 */
record ParameterUses(String parameter, List<ParameterUse> uses, String reason) {
    static ParameterUses of(SameDiff graph, String parameter, List<String> reached) {
        List<ParameterUse> uses = new ArrayList<>();
        Variable variable = Objects.requireNonNull(graph.getVariables().get(parameter), parameter);
        @Nullable List<String> readers = variable.getInputsForOp();
        for (String name : readers == null ? List.<String>of() : readers) {
            SameDiffOp op = Objects.requireNonNull(graph.getOps().get(name), name);
            if (op.getOutputsOfOp().stream().noneMatch(reached::contains)) {
                continue; // not on the way to the logits
            }
            Optional<ParameterUse> use = use(graph, op, parameter);
            if (use.isEmpty()) {
                return withoutRule(parameter, op);
            }
            uses.add(use.get());
        }
        return new ParameterUses(parameter, List.copyOf(uses), "");
    }

    private static ParameterUses withoutRule(String parameter, SameDiffOp op) {
        return new ParameterUses(
                parameter,
                List.of(),
                "parameter \""
                        + parameter
                        + "\" is read by op \""
                        + op.getName()
                        + "\" ("
                        + op.getOp().opName()
                        + "), which has no rule: differentiated row by row");
    }

    /** The same parameter without its rule. */
    ParameterUses without(String why) {
        return new ParameterUses(parameter, List.of(), why);
    }

    boolean hasRule() {
        return reason.isEmpty();
    }

    private static Optional<ParameterUse> use(SameDiff graph, SameDiffOp op, String parameter) {
        List<String> inputs = op.getInputsToOp();
        String output = op.getOutputsOfOp().get(0);
        int place = inputs.indexOf(parameter);
        if (inputs.lastIndexOf(parameter) != place) {
            return Optional.empty();
        }
        return switch (op.getOp().opName()) {
            case "matmul", "mmul" -> product(graph, op, place, output);
            case "gather" -> lookup(graph, op, place, output);
            case "xw_plus_b" -> linear(graph, op, place, output);
            case "add", "biasadd" ->
                    broadcast(graph, op, place)
                            ? Optional.of(
                                    new ParameterUse.Shift(output, 1, isScalar(graph, parameter)))
                            : Optional.empty();
            case "subtract" ->
                    broadcast(graph, op, place) && place == 1
                            ? Optional.of(
                                    new ParameterUse.Shift(output, -1, isScalar(graph, parameter)))
                            : Optional.empty();
            case "multiply" ->
                    broadcast(graph, op, place)
                            ? Optional.of(
                                    new ParameterUse.Gain(
                                            inputs.get(1 - place),
                                            output,
                                            isScalar(graph, parameter)))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<ParameterUse> product(
            SameDiff graph, SameDiffOp op, int place, String output) {
        long[] flags = ((DynamicCustomOp) op.getOp()).iArgs();
        boolean plain = flags.length < 3 || (flags[0] == 0 && flags[2] == 0);
        if (place != 1 || !plain || rank(graph, op.getInputsToOp().get(1)) != 2) {
            return Optional.empty();
        }
        String input = op.getInputsToOp().get(0);
        if (flags.length > 1 && flags[1] != 0) {
            return Optional.of(new ParameterUse.TransposedProduct(input, output));
        }
        return Optional.of(
                oneHotIds(graph, input)
                        .<ParameterUse>map(ids -> new ParameterUse.Lookup(ids, output))
                        .orElseGet(() -> new ParameterUse.Product(input, output)));
    }

    /** The integers behind an input that is nothing but ones in their places. */
    private static Optional<String> oneHotIds(SameDiff graph, String input) {
        String producer =
                Objects.requireNonNull(graph.getVariables().get(input), input).getOutputOfOp();
        SameDiffOp op = producer == null ? null : graph.getOps().get(producer);
        if (op == null || !(op.getOp() instanceof OneHot oneHot)) {
            return Optional.empty();
        }
        double[] values = oneHot.tArgs();
        boolean plain = values.length < 2 || (values[0] == 1 && values[1] == 0);
        SDVariable ids = graph.getVariable(op.getInputsToOp().get(0));
        return plain && ids.dataType().isIntType() ? Optional.of(ids.name()) : Optional.empty();
    }

    private static Optional<ParameterUse> lookup(
            SameDiff graph, SameDiffOp op, int place, String output) {
        long[] flags = ((DynamicCustomOp) op.getOp()).iArgs();
        boolean rows = flags.length == 0 || flags[0] == 0;
        boolean fits = place == 0 && rows && rank(graph, op.getInputsToOp().get(0)) == 2;
        return fits && op.getInputsToOp().size() > 1
                ? Optional.of(new ParameterUse.Lookup(op.getInputsToOp().get(1), output))
                : Optional.empty();
    }

    private static Optional<ParameterUse> linear(
            SameDiff graph, SameDiffOp op, int place, String output) {
        return switch (place) {
            case 1 -> Optional.of(new ParameterUse.Product(op.getInputsToOp().get(0), output));
            case 2 ->
                    Optional.of(
                            new ParameterUse.Shift(
                                    output, 1, isScalar(graph, op.getInputsToOp().get(2))));
            default -> Optional.empty();
        };
    }

    /** Whether the parameter is one value a column of the other argument. */
    private static boolean broadcast(SameDiff graph, SameDiffOp op, int place) {
        long[] shape = graph.getVariable(op.getInputsToOp().get(place)).getShape();
        SDVariable other = graph.getVariable(op.getInputsToOp().get(1 - place));
        boolean flags = op.getOp().opName().equals("biasadd") && isChannelsFirst(op);
        boolean column = shape != null && length(shape) == shape[shape.length - 1];
        return column && !flags && (other.isPlaceHolder() || !other.isConstant());
    }

    private static boolean isScalar(SameDiff graph, String parameter) {
        long[] shape = graph.getVariable(parameter).getShape();
        return shape != null && length(shape) == 1;
    }

    private static boolean isChannelsFirst(SameDiffOp op) {
        boolean[] flags = ((DynamicCustomOp) op.getOp()).bArgs();
        return flags.length > 0 && flags[0];
    }

    private static long length(long[] shape) {
        long length = 1;
        for (long extent : shape) {
            length *= extent;
        }
        return length;
    }

    private static int rank(SameDiff graph, String variable) {
        long[] shape = graph.getVariable(variable).getShape();
        return shape == null ? -1 : shape.length;
    }
}
