package org.learningdynamics.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** The ops of a gradient graph that nobody else uses, to be rewired. */
final class GradientOps {
    private final SameDiff graph;
    private final Set<String> forward;

    GradientOps(SameDiff graph) {
        this(graph, graph.getOps().keySet());
    }

    /**
     * A gradient graph's ops.
     *
     * @param graph nobody else uses
     * @param forward names of the ops that were differentiated
     */
    GradientOps(SameDiff graph, Set<String> forward) {
        this.graph = graph;
        this.forward = Set.copyOf(forward);
    }

    /** Names of the ops that must run for some variables. */
    Set<String> neededFor(Collection<String> variables) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(variables);
        while (!open.isEmpty()) {
            makerOf(open.remove())
                    .filter(op -> needed.add(op.getName()))
                    .ifPresent(op -> open.addAll(GraphPlan.inputs(op)));
        }
        return needed;
    }

    /** Whether an op is one of those that were differentiated. */
    boolean isForward(SameDiffOp op) {
        return forward.contains(op.getName());
    }

    /** The op that makes a variable; none makes parameters, constants and placeholders. */
    Optional<SameDiffOp> makerOf(String variable) {
        String maker = variable(variable).getOutputOfOp();
        return Optional.ofNullable(maker == null ? null : graph.getOps().get(maker));
    }

    SameDiffOp byName(String op) {
        return Objects.requireNonNull(graph.getOps().get(op), op);
    }

    /** The ops that read a variable. */
    List<SameDiffOp> opsReading(String variable) {
        return readersOf(variable).stream()
                .map(graph.getOps()::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether of the ops that were differentiated only some read a variable. */
    boolean isReadOnlyBy(String variable, Set<String> some) {
        return readersOf(variable).stream().filter(forward::contains).allMatch(some::contains);
    }

    /** The gradient at a variable, if there is one. */
    Optional<String> gradientOf(String variable) {
        SDVariable gradient = graph.getVariable(variable).getGradient();
        return Optional.ofNullable(gradient).map(SDVariable::name);
    }

    /** The value of a constant. */
    Optional<INDArray> constant(String variable) {
        SDVariable found = graph.getVariable(variable);
        return found.getVariableType() == VariableType.CONSTANT
                ? Optional.ofNullable(found.getArr())
                : Optional.empty();
    }

    DataType typeOf(String variable) {
        return graph.getVariable(variable).dataType();
    }

    /** All ops at this moment. */
    List<SameDiffOp> all() {
        return new ArrayList<>(graph.getOps().values());
    }

    /** The op that makes a variable, if it is of a kind. */
    Optional<SameDiffOp> makerOf(String variable, String opName) {
        return makerOf(variable).filter(op -> op.getOp().opName().equals(opName));
    }

    /** Names of the ops that read a variable. */
    List<String> readersOf(String variable) {
        List<String> readers = variable(variable).getInputsForOp();
        return readers == null ? List.of() : List.copyOf(readers);
    }

    /** Whether an op of a kind reads a variable. */
    boolean isReadBy(String variable, String opName) {
        return opsReading(variable).stream().anyMatch(op -> op.getOp().opName().equals(opName));
    }

    long[] shapeOf(String variable) {
        long[] shape = graph.getVariable(variable).getShape();
        return shape == null ? new long[0] : shape.clone();
    }

    /**
     * Puts another op in the place of one; what it does not read any more does not know it then.
     *
     * @param op the place
     * @param other without graph and name
     * @param inputs what the other reads
     * @param outputs what it makes, some of what the one made
     */
    void replace(SameDiffOp op, DynamicCustomOp other, List<String> inputs, List<String> outputs) {
        other.setSameDiff(graph);
        other.setOwnName(op.getName());
        forget(op);
        op.setOp(other);
        op.setInputsToOp(new ArrayList<>(inputs));
        op.setOutputsOfOp(new ArrayList<>(outputs));
        inputs.stream().distinct().forEach(input -> addReader(input, op.getName()));
    }

    /**
     * Lets a new op make a variable that another op has made; the caller puts one in the place of
     * that which does not.
     *
     * @param other the op that has made it, which the new one follows, as ops run in their order
     * @param variable is its only output
     * @param op without graph and name
     * @param inputs what it reads
     */
    void add(SameDiffOp other, String variable, DynamicCustomOp op, List<String> inputs) {
        String place = variable.replace(':', '/'); // SameDiff takes what ends in :1 for an output
        String name = "learning_dynamics/" + op.opName() + "/" + place;
        op.setSameDiff(graph);
        op.setOwnName(name);
        List<SameDiffOp> all = all();
        List<SameDiffOp> later = all.subList(all.indexOf(other) + 1, all.size());
        later.forEach(next -> graph.getOps().remove(next.getName()));
        graph.getOps()
                .put(
                        name,
                        SameDiffOp.builder()
                                .name(name)
                                .op(op)
                                .inputsToOp(new ArrayList<>(inputs))
                                .outputsOfOp(new ArrayList<>(List.of(variable)))
                                .build());
        later.forEach(next -> graph.getOps().put(next.getName(), next));
        variable(variable).setOutputOfOp(name);
        inputs.stream().distinct().forEach(input -> addReader(input, name));
    }

    /**
     * Lets all readers of a variable read another one, which is then the gradient that the variable
     * was. The variable can still be asked for; its maker runs only then.
     */
    void redirect(String variable, String other) {
        for (String reader : readersOf(variable)) {
            SameDiffOp op = Objects.requireNonNull(graph.getOps().get(reader), reader);
            List<String> inputs = new ArrayList<>(op.getInputsToOp());
            inputs.replaceAll(input -> input.equals(variable) ? other : input);
            op.setInputsToOp(inputs);
            addReader(other, reader);
        }
        variable(variable).setInputsForOp(new ArrayList<>());
        for (Variable any : graph.getVariables().values()) {
            if (any.getGradient() != null && any.getGradient().name().equals(variable)) {
                any.setGradient(graph.getVariable(other));
            }
        }
    }

    private void forget(SameDiffOp op) {
        for (String input : op.getInputsToOp()) {
            List<String> readers = new ArrayList<>(readersOf(input));
            readers.remove(op.getName());
            variable(input).setInputsForOp(readers);
        }
    }

    private void addReader(String variable, String reader) {
        List<String> readers = new ArrayList<>(readersOf(variable));
        if (!readers.contains(reader)) {
            readers.add(reader);
            variable(variable).setInputsForOp(readers);
        }
    }

    private Variable variable(String name) {
        return Objects.requireNonNull(graph.getVariables().get(name), name);
    }
}
