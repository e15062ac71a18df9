package org.learningdynamics.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;

/**
 * The ops that a gradient goes through: those between a trained variable and a loss along
 * floating-point variables, not past {@code stop_gradient}. Without loss variables, every op
 * between a trained variable and the end of the graph; without trained variables too, every op.
 */
final class GradientPath {
    private static final String BARRIER = "stop_gradient";

    private final Map<String, Variable> variables;
    private final Map<String, SameDiffOp> allOps;
    private final Set<String> losses = new LinkedHashSet<>();
    private final Set<String> trained = new HashSet<>();
    private final List<SameDiffOp> ops = new ArrayList<>();

    GradientPath(SameDiff graph) {
        variables = graph.getVariables();
        allOps = graph.getOps();
        losses.addAll(lossNames(graph));
        Set<String> towardsLoss = towardsLoss();
        spreadFromTrained();
        for (SameDiffOp op : allOps.values()) {
            if (!isBarrier(op)
                    && outputs(op).stream().anyMatch(towardsLoss::contains)
                    && (trained.isEmpty() || inputs(op).stream().anyMatch(trained::contains))) {
                ops.add(op);
            }
        }
    }

    private static List<String> lossNames(SameDiff graph) {
        if (!graph.getLossVariables().isEmpty()) {
            return graph.getLossVariables();
        }
        TrainingConfig configuration = graph.getTrainingConfig();
        List<String> configured = configuration == null ? null : configuration.getLossVariables();
        return configured == null ? List.of() : configured;
    }

    private Set<String> towardsLoss() {
        if (losses.isEmpty()) {
            return variables.keySet();
        }
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(losses);
        while (!open.isEmpty()) {
            String name = open.remove();
            Variable variable = variables.get(name);
            if (variable == null || !isFloating(name) || !found.add(name)) {
                continue;
            }
            String producer = variable.getOutputOfOp();
            SameDiffOp op = producer == null ? null : allOps.get(producer);
            if (op != null && !isBarrier(op)) {
                open.addAll(inputs(op));
            }
        }
        return found;
    }

    private void spreadFromTrained() {
        Deque<String> open = new ArrayDeque<>();
        for (Variable variable : variables.values()) {
            if (variable.getVariable().getVariableType() == VariableType.VARIABLE) {
                open.add(variable.getName());
            }
        }
        while (!open.isEmpty()) {
            String name = open.remove();
            if (isFloating(name) && trained.add(name)) {
                consumers(name).stream()
                        .filter(op -> !isBarrier(op))
                        .forEach(op -> open.addAll(outputs(op)));
            }
        }
    }

    private static boolean isBarrier(SameDiffOp op) {
        return op.getOp().opName().equals(BARRIER);
    }

    private boolean isFloating(String name) {
        Variable variable = variables.get(name);
        SDVariable value = variable == null ? null : variable.getVariable();
        return value != null && value.dataType().isFPType();
    }

    /** The ops of the path, in the order of the graph. */
    List<SameDiffOp> ops() {
        return ops;
    }

    /** Whether a variable gets a gradient: it is trained or depends on one that is. */
    boolean needsGradient(String name) {
        return trained.isEmpty() ? isFloating(name) : trained.contains(name);
    }

    boolean isLoss(String name) {
        return losses.contains(name);
    }

    boolean hasLosses() {
        return !losses.isEmpty();
    }

    /** The ops of the path that read a variable, as often as they read it. */
    List<SameDiffOp> readers(String name) {
        List<SameDiffOp> readers = new ArrayList<>();
        for (SameDiffOp op : ops) {
            inputs(op).stream().filter(name::equals).forEach(input -> readers.add(op));
        }
        return readers;
    }

    private List<SameDiffOp> consumers(String name) {
        Variable variable = variables.get(name);
        List<String> names = variable == null ? null : variable.getInputsForOp();
        return names == null ? List.of() : names.stream().map(allOps::get).toList();
    }

    static List<String> inputs(@Nullable SameDiffOp op) {
        List<String> names = op == null ? null : op.getInputsToOp();
        return names == null ? List.of() : names;
    }

    static List<String> outputs(@Nullable SameDiffOp op) {
        List<String> names = op == null ? null : op.getOutputsOfOp();
        return names == null ? List.of() : names;
    }
}
