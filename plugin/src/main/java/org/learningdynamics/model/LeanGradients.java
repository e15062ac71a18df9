package org.learningdynamics.model;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterAdd;

/**
 * Takes out of a training graph's gradients what changes nothing: sums with zeros, zeros that only
 * collect a table's gradient before it is added to another, and gradients of constant factors.
 *
 * <p>The gradients are the same but for the order in which a table's rows are added up. Cost: one
 * pass over the ops. What it saves grows with the largest arrays, logits and embedding tables.
 */
public final class LeanGradients {
    private static final String GRADIENTS = "grad";
    private static final String ADD = "add";
    private static final String ZEROS = "zeroslike";
    private static final String SCATTER_ADD = "scatter_add";
    private static final String STOP = "stop_gradient";
    private static final String GATHER = "gather";

    private final GradientOps ops;
    private final Set<String> wanted;

    private LeanGradients(SameDiff gradients, Set<String> wanted) {
        this.ops = new GradientOps(gradients);
        this.wanted = wanted;
    }

    /**
     * Makes the graph's gradients if there are none, and trims them in place. SameDiff makes them
     * anew, untrimmed, when the graph is changed afterwards.
     *
     * @param graph with loss variables; gradients of its variables and of other arrays can be asked
     *     for as before, those of constant factors of a product cannot
     */
    public static void trim(SameDiff graph) {
        SameDiff gradients = gradients(graph);
        trim(graph, gradients, wanted(graph, gradients));
    }

    /**
     * Trims, and puts ops that are computed in Java in the place of chains of SameDiff's own; see
     * {@link FusedOps}. From then on only a {@link GraphSession} can run the gradients, as {@code
     * train.TrainingLoop} does: {@code fit} and {@code calculateGradients} throw.
     *
     * @param graph as for {@link #trim}; what it computes forward, {@code output} included, stays
     */
    public static void fuse(SameDiff graph) {
        SameDiff gradients = gradients(graph);
        Set<String> wanted = wanted(graph, gradients);
        trim(graph, gradients, wanted);
        FusedOps.fuse(gradients, graph.getOps().keySet(), wanted);
    }

    private static SameDiff gradients(SameDiff graph) {
        if (graph.getFunction(GRADIENTS) == null) {
            graph.createGradFunction();
        }
        return Objects.requireNonNull(graph.getFunction(GRADIENTS), GRADIENTS);
    }

    private static void trim(SameDiff graph, SameDiff gradients, Set<String> wanted) {
        LeanGradients lean = new LeanGradients(gradients, wanted);
        for (SameDiffOp op : lean.ops.all()) {
            if (!graph.getOps().containsKey(op.getName())) {
                lean.addWithoutZeros(op);
            }
        }
        HalfProducts.split(gradients, wanted);
    }

    private static Set<String> wanted(SameDiff graph, SameDiff gradients) {
        Set<String> wanted = new HashSet<>(graph.getLossVariables());
        for (SDVariable variable : graph.variables()) {
            if (variable.getVariableType() == VariableType.VARIABLE) {
                SDVariable gradient = gradients.getVariable(variable.name()).getGradient();
                if (gradient != null) {
                    wanted.add(gradient.name());
                }
            }
        }
        return wanted;
    }

    private void addWithoutZeros(SameDiffOp op) {
        boolean isSum = op.getOp().opName().equals(ADD) && op.getInputsToOp().size() == 2;
        for (int side = 0; isSum && side < 2; side++) {
            String one = op.getInputsToOp().get(side);
            String other = op.getInputsToOp().get(1 - side);
            Optional<SameDiffOp> scatter =
                    ops.makerOf(one, SCATTER_ADD).filter(this::isIntoZerosOfATable);
            if (isZerosOfAConstant(one) && !wanted.contains(op.getOutputsOfOp().get(0))) {
                ops.redirect(op.getOutputsOfOp().get(0), other);
                return;
            }
            if (scatter.isPresent() && ops.readersOf(one).size() == 1) {
                scatterInto(op, scatter.get(), other);
                return;
            }
        }
    }

    /** What flows back through a constant; the other term is a gradient of the same variable. */
    private boolean isZerosOfAConstant(String variable) {
        return ops.makerOf(variable, ZEROS).filter(zeros -> reads(zeros, STOP)).isPresent();
    }

    private boolean isIntoZerosOfATable(SameDiffOp scatter) {
        return ops.makerOf(scatter.getInputsToOp().get(0), ZEROS)
                .filter(zeros -> reads(zeros, GATHER))
                .isPresent();
    }

    /** Whether the variable whose zeros these are is read by an op of a kind, too. */
    private boolean reads(SameDiffOp zeros, String opName) {
        return ops.isReadBy(zeros.getInputsToOp().get(0), opName);
    }

    /** {@code (0 ⊕ rows) + other = other ⊕ rows}, where ⊕ adds rows at their places. */
    private void scatterInto(SameDiffOp sum, SameDiffOp scatter, String other) {
        ScatterAdd combined = new ScatterAdd();
        for (boolean flag : ((DynamicCustomOp) scatter.getOp()).bArgs()) {
            combined.addBArgument(flag);
        }
        List<String> inputs = scatter.getInputsToOp();
        ops.replace(
                sum, combined, List.of(other, inputs.get(1), inputs.get(2)), sum.getOutputsOfOp());
    }
}
