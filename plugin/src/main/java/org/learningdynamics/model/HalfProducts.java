package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.MmulBp;

/**
 * Takes out of a gradient graph the halves of matrix products' gradients that nobody asks for.
 *
 * <p>SameDiff differentiates a product by both of its factors at once. Where the gradient of the
 * right one, a parameter, is not wanted, a plain product for the left one does, which is half the
 * work.
 */
final class HalfProducts {
    private HalfProducts() {}

    /**
     * Replaces such ops in place.
     *
     * @param gradient a gradient graph that nobody else uses
     * @param wanted names of variables that must stay
     */
    static void split(SameDiff gradient, Set<String> wanted) {
        for (SameDiffOp op : new ArrayList<>(gradient.getOps().values())) {
            if (op.getOp() instanceof MmulBp && op.getInputsToOp().size() == 3) {
                String right = op.getOutputsOfOp().get(1);
                if (!wanted.contains(right) && isUnused(gradient, right)) {
                    replace(gradient, op);
                }
            }
        }
    }

    private static boolean isUnused(SameDiff graph, String variable) {
        Variable found = graph.getVariables().get(variable);
        List<String> users = found == null ? null : found.getInputsForOp();
        return users == null || users.isEmpty();
    }

    /** {@code y = x·W} has {@code ∂x = ∂y·Wᵀ}, and {@code y = x·Wᵀ} has {@code ∂x = ∂y·W}. */
    private static void replace(SameDiff graph, SameDiffOp op) {
        long[] flags = ((MmulBp) op.getOp()).iArgs();
        String left = op.getInputsToOp().get(0);
        String right = op.getInputsToOp().get(1);
        long[] shape = graph.getVariable(right).getShape();
        if (flags[0] != 0 || flags[2] != 0 || shape == null || shape.length != 2) {
            return;
        }
        Mmul product = new Mmul();
        product.addIArgument(0, flags[1] == 0 ? 1 : 0, 0);
        product.addTArgument(1.0, 0.0);
        product.setSameDiff(graph);
        product.setOwnName(op.getName());
        op.setOp(product);
        op.setInputsToOp(new ArrayList<>(List.of(op.getInputsToOp().get(2), right)));
        op.setOutputsOfOp(new ArrayList<>(List.of(op.getOutputsOfOp().get(0))));
        Variable unused = Objects.requireNonNull(graph.getVariables().get(left), left);
        List<String> users = new ArrayList<>(unused.getInputsForOp());
        users.remove(op.getName());
        unused.setInputsForOp(users);
    }
}
