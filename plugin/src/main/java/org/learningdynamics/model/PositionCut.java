package org.learningdynamics.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterAdd;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;

/**
 * Lets the end of a graph work at some positions only: the ops before the logits that compute each
 * row of their result {@code [N·T, …]} from the same row of what they read, as the head and the
 * last block of a language model behind its attention do. Where logits are read at few positions,
 * the others need not come so far.
 *
 * <p>Such ops are products with what no input of the graph changes, element-wise ops and reductions
 * over the last axis, all of whose readers are such ops too. What they read of others, the entries,
 * is picked at the positions on the way there, and its gradient put back on the way back, zero
 * elsewhere.
 */
final class PositionCut {
    /** Rows of {@code [N·T, …]} that are picked // [N·T']. */
    static final String POSITIONS = SeededGraph.PREFIX + "positions";

    /** Marks where rows will be picked until the graph has been differentiated. */
    private static final double MARK = 1.9921875; // exact in every floating-point type

    private final String end;
    private final Set<String> ops; // names
    private final Set<String> entries;

    private PositionCut(String end, Set<String> ops, Set<String> entries) {
        this.end = end;
        this.ops = ops;
        this.entries = entries;
    }

    /** Shapes of a graph's variables for rows of a kind. */
    interface Shapes {
        /** Of some variables that ops make. */
        Map<String, long[]> of(Set<String> variables);
    }

    /**
     * Looks for the end of a graph that works position by position.
     *
     * @param graph the graph
     * @param logits name of its logits
     * @param positions N·T, more than 1
     * @param measured tells shapes
     * @return nothing if there is no product in it
     */
    static Optional<PositionCut> of(SameDiff graph, String logits, int positions, Shapes measured) {
        return new Search(graph, logits, positions, measured).find();
    }

    /** The logits as {@code [N·T, V]}. */
    String end() {
        return end;
    }

    /** What an op reads in the place of a variable. */
    String read(String variable, String output, SameDiff graph) {
        String maker = variable(graph, output).getOutputOfOp();
        return entries.contains(variable) && ops.contains(maker) ? marked(variable) : variable;
    }

    private static String marked(String entry) {
        return SeededGraph.PREFIX + "picked/" + entry.replace(':', '/');
    }

    /** Marks the entries of a graph that will be differentiated. */
    void mark(SameDiff graph) {
        for (String entry : entries) {
            String marked = graph.getVariable(entry).mul(MARK).rename(marked(entry)).name();
            Variable read = variable(graph, entry);
            Variable picked = variable(graph, marked);
            List<String> left = new ArrayList<>(read.getInputsForOp());
            List<String> moved = new ArrayList<>();
            for (String name : ops) {
                SameDiffOp op = Objects.requireNonNull(graph.getOps().get(name), name);
                List<String> inputs = new ArrayList<>(op.getInputsToOp());
                if (inputs.contains(entry)) {
                    inputs.replaceAll(input -> input.equals(entry) ? marked : input);
                    op.setInputsToOp(inputs);
                    left.remove(name);
                    moved.add(name);
                }
            }
            read.setInputsForOp(left);
            picked.setInputsForOp(moved);
        }
    }

    /** Picks at the marks of a differentiated graph, and puts gradients back. */
    void pick(SameDiff gradient) {
        SDVariable positions = gradient.placeHolder(POSITIONS, DataType.INT32, -1);
        GradientOps ops = new GradientOps(gradient);
        for (String entry : entries) {
            String marked = marked(entry);
            Gather gather = new Gather();
            gather.addIArgument(0);
            ops.replace(
                    ops.makerOf(marked).orElseThrow(),
                    gather,
                    List.of(entry, positions.name()),
                    List.of(marked));
            ops.gradientOf(marked).ifPresent(own -> putBack(gradient, ops, entry, own));
        }
    }

    private static void putBack(SameDiff gradient, GradientOps ops, String entry, String own) {
        for (SameDiffOp op : ops.opsReading(own)) {
            if (isMark(op)) {
                String zeros = gradient.zerosLike(gradient.getVariable(entry)).name();
                ops.replace(
                        op,
                        new ScatterAdd(),
                        List.of(zeros, POSITIONS, own),
                        List.copyOf(op.getOutputsOfOp()));
            }
        }
    }

    private static boolean isMark(SameDiffOp op) {
        return op.getOp() instanceof ScalarMultiplication scaled
                && scaled.scalar().getDouble(0) == MARK;
    }

    private static Variable variable(SameDiff graph, String name) {
        return Objects.requireNonNull(graph.getVariables().get(name), name);
    }

    /** The way back from the logits. */
    private static final class Search {
        private final SameDiff graph;
        private final int positions;
        private final String end;
        private final Set<String> reached;
        private final Map<String, SameDiffOp> candidates = new LinkedHashMap<>();
        private final Map<String, long[]> shapes;

        Search(SameDiff graph, String logits, int positions, Shapes measured) {
            this.graph = graph;
            this.positions = positions;
            end = flat(logits);
            reached = new GradientOps(graph).neededFor(List.of(end));
            collect();
            Set<String> asked = new LinkedHashSet<>(Set.of(end));
            for (SameDiffOp op : candidates.values()) {
                asked.addAll(op.getOutputsOfOp());
                op.getInputsToOp().stream().filter(this::isMade).forEach(asked::add);
            }
            shapes = measured.of(asked);
        }

        /** What the logits are another shape of. */
        private String flat(String logits) {
            SameDiffOp op = maker(logits);
            return op != null && op.getOp().opName().equals("reshape")
                    ? op.getInputsToOp().get(0)
                    : logits;
        }

        private void collect() {
            Deque<String> open = new ArrayDeque<>(List.of(end));
            while (!open.isEmpty()) {
                SameDiffOp op = maker(open.remove());
                if (op != null && isOfKind(op) && candidates.put(op.getName(), op) == null) {
                    open.addAll(op.getInputsToOp());
                }
            }
        }

        Optional<PositionCut> find() {
            Map<String, SameDiffOp> left = new LinkedHashMap<>(candidates);
            left.values().removeIf(op -> !worksByPosition(op));
            while (left.values().removeIf(op -> !isReadOnlyBy(op, left.keySet()))) {
                // until nothing of it is read by others
            }
            boolean hasProduct = left.values().stream().anyMatch(Search::isProduct);
            SameDiffOp last = maker(end);
            if (!hasProduct || last == null || !left.containsKey(last.getName())) {
                return Optional.empty();
            }
            Set<String> made = new LinkedHashSet<>();
            left.values().forEach(op -> made.addAll(op.getOutputsOfOp()));
            Set<String> entries = new LinkedHashSet<>();
            for (SameDiffOp op : left.values()) {
                op.getInputsToOp().stream()
                        .filter(input -> isByPosition(input) && !made.contains(input))
                        .forEach(entries::add);
            }
            return Optional.of(new PositionCut(end, left.keySet(), entries));
        }

        private boolean isReadOnlyBy(SameDiffOp op, Set<String> some) {
            String output = op.getOutputsOfOp().get(0);
            List<String> readers = variable(graph, output).getInputsForOp();
            return output.equals(end)
                    || readers == null
                    || readers.stream().filter(reached::contains).allMatch(some::contains);
        }

        private static boolean isProduct(SameDiffOp op) {
            String name = op.getOp().opName();
            return name.equals("matmul") || name.equals("mmul") || name.equals("xw_plus_b");
        }

        private static boolean isOfKind(SameDiffOp op) {
            DifferentialFunction function = op.getOp();
            boolean single = GraphPlan.inputs(op).size() == 1;
            return isProduct(op)
                    || KnownShapes.PAIRS.contains(function.opName())
                    || function.opName().equals("biasadd")
                    || (single
                            && (KnownShapes.SINGLES.contains(function.opName())
                                    || isElementWise(function)
                                    || isOfRows(function)));
        }

        private static boolean isElementWise(DifferentialFunction function) {
            return switch (function.opType()) {
                case TRANSFORM_SAME, TRANSFORM_FLOAT, TRANSFORM_STRICT -> true;
                case SCALAR -> function instanceof ScalarOp;
                default -> false;
            };
        }

        private static boolean isOfRows(DifferentialFunction function) {
            if (!(function instanceof ReduceOp reduce) || !reduce.isKeepDims()) {
                return false;
            }
            int[] dimensions = KnownShapes.dimensions(function);
            return dimensions.length == 1 && (dimensions[0] == 1 || dimensions[0] == -1);
        }

        private boolean worksByPosition(SameDiffOp op) {
            List<String> inputs = op.getInputsToOp();
            if (op.getOutputsOfOp().size() != 1 || !isByPosition(op.getOutputsOfOp().get(0))) {
                return false;
            }
            if (isProduct(op)) {
                return isByPosition(inputs.get(0))
                        && !isOneHot(inputs.get(0))
                        && isPlain((DynamicCustomOp) op.getOp())
                        && inputs.stream().skip(1).allMatch(this::isShared);
            }
            return inputs.stream().allMatch(input -> isByPosition(input) || isForAll(input))
                    && inputs.stream().anyMatch(this::isByPosition);
        }

        private static boolean isPlain(DynamicCustomOp product) {
            long[] flags = product.iArgs();
            return (flags.length < 1 || flags[0] == 0) && (flags.length < 3 || flags[2] == 0);
        }

        /** A parameter has gradients of its own by ids. */
        private boolean isOneHot(String input) {
            SameDiffOp op = maker(input);
            return op != null && op.getOp() instanceof OneHot;
        }

        /** Has a row a position. */
        private boolean isByPosition(String name) {
            long[] shape = isMade(name) ? shapes.get(name) : null;
            return shape != null
                    && shape.length == 2
                    && shape[0] == positions
                    && graph.getVariable(name).dataType().isFPType();
        }

        /** One value, or a row of them, that every position meets. */
        private boolean isForAll(String name) {
            long[] shape = isMade(name) ? shapes.get(name) : graph.getVariable(name).getShape();
            boolean given = graph.getVariable(name).isPlaceHolder();
            return !given
                    && shape != null
                    && (shape.length < 2 || (shape.length == 2 && shape[0] == 1));
        }

        /** No placeholder changes it. */
        private boolean isShared(String name) {
            Deque<String> open = new ArrayDeque<>(List.of(name));
            Set<String> seen = new LinkedHashSet<>();
            while (!open.isEmpty()) {
                String next = open.remove();
                if (graph.getVariable(next).isPlaceHolder()) {
                    return false;
                }
                SameDiffOp op = maker(next);
                if (seen.add(next) && op != null) {
                    open.addAll(GraphPlan.inputs(op));
                }
            }
            return true;
        }

        private boolean isMade(String name) {
            return graph.getVariable(name).getVariableType() == VariableType.ARRAY;
        }

        private @Nullable SameDiffOp maker(String name) {
            String maker = variable(graph, name).getOutputOfOp();
            return maker == null ? null : graph.getOps().get(maker);
        }
    }
}
