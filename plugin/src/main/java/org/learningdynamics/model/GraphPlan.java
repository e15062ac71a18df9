package org.learningdynamics.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.BaseCompatOp;
import org.nd4j.linalg.api.ops.impl.shape.CreateView;
import org.nd4j.linalg.api.ops.impl.shape.tensorops.BaseTensorOp;
import org.nd4j.linalg.api.ops.impl.transforms.Assert;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Assign;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.GradientBackwardsMarker;

/**
 * The ops that some variables of a graph need, each once, in an order in which they can run: what a
 * session of SameDiff finds out anew in every pass. A plan belongs to one session.
 */
final class GraphPlan {
    private final SameDiff graph;
    private final Map<String, Integer> slots = new HashMap<>();
    private final List<String> sources = new ArrayList<>(); // not made by an op
    private final List<GraphStep> steps = new ArrayList<>();
    private final Set<String> opNames = new LinkedHashSet<>();

    /**
     * What a pass is for.
     *
     * @param kept names of variables whose arrays are wanted after the pass
     * @param computed names of variables that are computed too, for those who look on
     */
    record Wanted(Set<String> kept, Set<String> computed) {
        Set<String> all() {
            Set<String> all = new LinkedHashSet<>(kept);
            all.addAll(computed);
            return all;
        }
    }

    private GraphPlan(SameDiff graph, List<SameDiffOp> ordered, Wanted wanted) {
        this.graph = graph;
        for (SameDiffOp op : ordered) {
            opNames.add(op.getName());
            inputs(op).forEach(this::slot);
            op.getOutputsOfOp().forEach(this::slot);
        }
        wanted.all().forEach(this::slot);
        for (String name : slots.keySet()) {
            if (!isMade(name)) {
                sources.add(name);
            }
        }
        addSteps(ordered, new StorageUse(this, ordered, wanted));
    }

    /**
     * Plans what some variables need.
     *
     * @param graph the graph
     * @param wanted what the pass is for
     * @return nothing if an op or a variable needs what only a session of SameDiff can do: control
     *     flow, lists of arrays, control dependencies, inputs that change the op
     */
    static Optional<GraphPlan> of(SameDiff graph, Wanted wanted) {
        return of(graph, wanted, List.copyOf(graph.getOps().keySet()));
    }

    /**
     * Plans what some variables need.
     *
     * @param graph the graph
     * @param wanted what the pass is for
     * @param order names of ops in the order wanted
     * @return nothing in the same cases
     */
    static Optional<GraphPlan> of(SameDiff graph, Wanted wanted, List<String> order) {
        Set<String> required = wanted.all();
        if (!required.stream().allMatch(graph::hasVariable)) {
            return Optional.empty();
        }
        Map<String, SameDiffOp> needed = needed(graph, required);
        if (!needed.values().stream().allMatch(op -> isPlain(graph, op))) {
            return Optional.empty();
        }
        if (!order.containsAll(needed.keySet())) {
            return Optional.empty();
        }
        return OpOrder.of(graph, needed, order).map(ops -> new GraphPlan(graph, ops, wanted));
    }

    private static Map<String, SameDiffOp> needed(SameDiff graph, Set<String> required) {
        Map<String, SameDiffOp> found = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(required);
        while (!open.isEmpty()) {
            String maker = variable(graph, open.remove()).getOutputOfOp();
            if (maker != null && !found.containsKey(maker)) {
                SameDiffOp op = Objects.requireNonNull(graph.getOps().get(maker), maker);
                found.put(maker, op);
                open.addAll(inputs(op));
            }
        }
        return found;
    }

    private static boolean isPlain(SameDiff graph, SameDiffOp op) {
        DifferentialFunction function = op.getOp();
        int inputs = inputs(op).size();
        boolean isSpecial =
                function instanceof BaseCompatOp
                        || function instanceof BaseTensorOp
                        || function instanceof CreateView
                        || function instanceof Assign
                        || function instanceof Assert
                        || function instanceof GradientBackwardsMarker;
        boolean changesItself =
                inputs > 1 && (function instanceof ReduceOp || function instanceof ScalarOp);
        boolean isKnown =
                function instanceof DynamicCustomOp
                        || (function instanceof BaseOp && function instanceof Op);
        return isKnown
                && !isSpecial
                && !changesItself
                && isEmpty(op.getControlDeps())
                && isEmpty(op.getVarControlDeps())
                && inputs(op).stream()
                        .allMatch(input -> isEmpty(variable(graph, input).getControlDeps()));
    }

    private static boolean isEmpty(List<String> names) {
        return names == null || names.isEmpty();
    }

    private void addSteps(List<SameDiffOp> ordered, StorageUse use) {
        for (int i = 0; i < ordered.size(); i++) {
            SameDiffOp op = ordered.get(i);
            steps.add(
                    new GraphStep(
                            graph,
                            op,
                            slots(inputs(op)),
                            slots(op.getOutputsOfOp()),
                            use.kindOf(i),
                            use.finishedAfter(i)));
        }
    }

    static List<String> inputs(SameDiffOp op) {
        List<String> inputs = op.getInputsToOp();
        return inputs == null ? List.of() : inputs;
    }

    static Variable variable(SameDiff graph, String name) {
        return Objects.requireNonNull(graph.getVariables().get(name), name);
    }

    private int[] slots(List<String> names) {
        return names.stream().mapToInt(this::slot).toArray();
    }

    int slot(String name) {
        return slots.computeIfAbsent(name, n -> slots.size());
    }

    int slotCount() {
        return slots.size();
    }

    /** Whether an op makes it. */
    boolean isMade(String name) {
        return variable(graph, name).getOutputOfOp() != null;
    }

    /** Placeholders, constants and parameters that are read. */
    List<String> sources() {
        return sources;
    }

    List<GraphStep> steps() {
        return steps;
    }

    boolean runs(String op) {
        return opNames.contains(op);
    }
}
