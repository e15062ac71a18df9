package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.HostRows;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a graph's structure, over the same arrays until others are loaded, with an objective of
 * its own on the logits and the gradient of that.
 *
 * <p>The objective is never computed: its gradient at the logits, the seed, is put in directly. The
 * seed is either what is given, or {@code e_y − π} for labels y, which is the gradient of {@code Σ
 * log π(y)}.
 */
final class SeededGraph implements AutoCloseable {
    static final String PREFIX = "learning_dynamics/";
    static final String LABELS = PREFIX + "labels";
    static final String SEED = PREFIX + "seed";
    private static final String OBJECTIVE = PREFIX + "objective";
    private static final String GRADIENT = "grad";

    private final SameDiff graph;
    private final SameDiff gradient;
    private final String flat; // the logits as [N·T, V]
    private final Optional<PositionCut> cut;
    private @Nullable GraphSession session;

    /** Where the gradient at the logits comes from. */
    enum Seed {
        /** Labels, {@value SeededGraph#LABELS} // [N·T]. */
        LABELS,
        /** The values of {@value SeededGraph#SEED} // [N·T, V]. */
        VALUES
    }

    /**
     * Copies the structure.
     *
     * @param source the model's graph, only read
     * @param logits name of its logits
     * @param classes V, as they come out of the graph
     * @param seed where the gradient at the logits comes from
     * @param differentiated names of the variables whose gradients will be asked for; others may
     *     have none
     * @param cut where rows are picked, if passes bring {@link PositionCut#POSITIONS}; N·T then is
     *     the number of these
     */
    SeededGraph(
            SameDiff source,
            String logits,
            int classes,
            Seed seed,
            List<String> differentiated,
            Optional<PositionCut> cut) {
        this.cut = cut;
        graph = copy(source);
        cut.ifPresent(some -> some.mark(graph));
        flat = flatten(graph.getVariable(cut.map(PositionCut::end).orElse(logits)), classes);
        graph.getVariable(flat).sum().rename(OBJECTIVE);
        graph.setLossVariables(OBJECTIVE);
        graph.createGradFunction(differentiated.toArray(String[]::new));
        gradient = Objects.requireNonNull(graph.getFunction(GRADIENT));
        cut.ifPresent(some -> some.pick(gradient));
        SDVariable own = gradient.getVariable(flat);
        plant(seed == Seed.LABELS ? missing(own, Math.max(2, classes)) : given(own));
        HalfProducts.splitFor(gradient, gradientNames(differentiated));
        FusedOps.fuse(gradient, graph.getOps().keySet(), gradientNames(differentiated));
    }

    /** Lets every op that reads the gradient of the plain sum read the seed instead. */
    private void plant(SDVariable seed) {
        String old = gradientName(flat);
        Variable replaced = Objects.requireNonNull(gradient.getVariables().get(old), old);
        Variable planted = Objects.requireNonNull(gradient.getVariables().get(seed.name()));
        List<String> users = new ArrayList<>();
        if (planted.getInputsForOp() != null) {
            users.addAll(planted.getInputsForOp());
        }
        for (String user : List.copyOf(replaced.getInputsForOp())) {
            SameDiffOp op = Objects.requireNonNull(gradient.getOps().get(user), user);
            List<String> inputs = new ArrayList<>(op.getInputsToOp());
            inputs.replaceAll(input -> input.equals(old) ? seed.name() : input);
            op.setInputsToOp(inputs);
            users.add(user);
        }
        replaced.setInputsForOp(new ArrayList<>());
        planted.setInputsForOp(users);
    }

    /** Ops are cloned, arrays shared; nothing of the source is changed. */
    static SameDiff copy(SameDiff source) {
        SameDiff copy = SharedArrays.newGraph();
        source.invokeGraphOn(copy);
        for (SameDiffOp op : copy.getOps().values()) {
            for (SDVariable argument : op.getOp().args()) {
                argument.setSameDiff(copy);
            }
            for (SDVariable output : op.getOp().outputVariables()) {
                output.setSameDiff(copy);
            }
            op.getOp().setSameDiff(copy);
        }
        return copy;
    }

    /** One sigmoid with logit z is a softmax over the logits (0, z). */
    private String flatten(SDVariable logits, int classes) {
        SDVariable flat = graph.reshape(logits, -1, classes);
        return classes == 1 ? graph.concat(1, graph.zerosLike(flat), flat).name() : flat.name();
    }

    /** e_y − π, zero where there is no label. */
    private SDVariable missing(SDVariable logits, int classes) {
        DataType type = logits.dataType();
        SDVariable labels = gradient.placeHolder(LABELS, DataType.INT32, -1);
        SDVariable oneHot = gradient.oneHot(labels, classes, -1, 1, 0, type);
        SDVariable isRead = gradient.gte(labels, 0).castTo(type).reshape(-1, 1);
        SDVariable missing = oneHot.sub(gradient.nn().softmax(shifted(logits), 1).mul(isRead));
        if (HostRows.supports(type)) {
            GradientOps ops = new GradientOps(gradient);
            SameDiffOp difference = ops.makerOf(missing.name()).orElseThrow();
            ops.replace(
                    difference,
                    new MissingOp(),
                    List.of(logits.name(), labels.name()),
                    List.of(missing.name()));
        }
        return missing;
    }

    /** In float64, ND4J's softmax is not a number for logits far below 0. */
    private SDVariable shifted(SDVariable logits) {
        return logits.dataType() == DataType.DOUBLE
                ? logits.sub(gradient.max(logits, true, 1))
                : logits;
    }

    private SDVariable given(SDVariable logits) {
        return gradient.placeHolder(SEED, logits.dataType(), -1, -1);
    }

    private Set<String> gradientNames(Collection<String> variables) {
        Set<String> names = new HashSet<>();
        variables.forEach(variable -> names.add(gradientName(variable)));
        return names;
    }

    private String gradientName(String variable) {
        SDVariable found = gradient.getGradForVariable(variable);
        if (found == null) {
            throw new IllegalStateException("no gradient reaches variable \"" + variable + "\"");
        }
        return found.name();
    }

    /** What the graph's ops read where the source's read what a use names. */
    ParameterUse own(ParameterUse use) {
        return cut.map(some -> use.reading(name -> some.read(name, use.output(), graph)))
                .orElse(use);
    }

    /** Uses other arrays in the place of variables; they are not copied. */
    void load(Map<String, INDArray> parameters) {
        parameters.forEach(
                (name, array) -> {
                    if (gradient.hasVariable(name)) {
                        gradient.setArrayForVariable(name, array);
                    }
                });
    }

    /**
     * One pass.
     *
     * @param placeholders by name
     * @param forward names of variables whose values are wanted
     * @param gradients names of variables whose gradients are wanted
     * @return the arrays, closed by the caller
     */
    Pass run(
            Map<String, INDArray> placeholders,
            Collection<String> forward,
            Collection<String> gradients) {
        Map<String, String> gradientOf = new LinkedHashMap<>();
        gradients.forEach(variable -> gradientOf.put(variable, gradientName(variable)));
        Set<String> wanted = new LinkedHashSet<>(forward);
        wanted.add(flat);
        wanted.addAll(gradientOf.values());
        Map<String, INDArray> arrays = opened().pass(wanted, placeholders);
        Map<String, INDArray> values = new HashMap<>();
        forward.forEach(name -> values.put(name, own(name, array(arrays, name))));
        Map<String, INDArray> derivatives = new HashMap<>();
        gradientOf.forEach((name, of) -> derivatives.put(name, array(arrays, of)));
        return new Pass(array(arrays, flat), values, derivatives);
    }

    /** Takes an array that a pass handed out, or another one, as memory of later passes. */
    void giveBack(INDArray array) {
        GraphSession open = session;
        if (open == null) {
            array.close();
        } else {
            open.giveBack(array);
        }
    }

    /**
     * The session hands out placeholders, constants and parameters as they are: these are copied.
     */
    private INDArray own(String name, INDArray array) {
        boolean computed = gradient.getVariable(name).getVariableType() == VariableType.ARRAY;
        return computed ? array : array.dup('c');
    }

    private static INDArray array(Map<String, INDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    private GraphSession opened() {
        GraphSession open = session;
        if (open == null) {
            open = new GraphSession(gradient);
            session = open;
        }
        return open;
    }

    private void closeSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    @Override
    public void close() {
        closeSession();
    }

    /**
     * What came out of a pass.
     *
     * @param logits // [N·T, V]
     * @param values by name of the variable
     * @param gradients of the objective, by name of the variable
     */
    record Pass(INDArray logits, Map<String, INDArray> values, Map<String, INDArray> gradients) {
        INDArray value(String name) {
            return array(values, name);
        }

        INDArray gradient(String name) {
            return array(gradients, name);
        }
    }
}
