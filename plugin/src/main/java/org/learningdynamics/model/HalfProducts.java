package org.learningdynamics.model;

import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.MmulBp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;

/**
 * Takes out of a gradient graph the halves of matrix products' gradients that nobody asks for.
 *
 * <p>SameDiff differentiates a product by both of its factors at once. Where the gradient of one of
 * them is not wanted, a plain product for the other one does, which is half the work.
 */
final class HalfProducts {
    private final GradientOps ops;
    private final Set<String> wanted;
    private final Set<String> readers; // names of the ops that count

    private HalfProducts(GradientOps ops, Set<String> wanted, Set<String> readers) {
        this.ops = ops;
        this.wanted = wanted;
        this.readers = readers;
    }

    /**
     * Replaces such ops in place, where no op reads the other half.
     *
     * @param gradient a gradient graph that nobody else uses
     * @param wanted names of variables that must stay
     */
    static void split(SameDiff gradient, Set<String> wanted) {
        new HalfProducts(new GradientOps(gradient), wanted, gradient.getOps().keySet()).split();
    }

    /**
     * Replaces such ops in place, also where the other half only ends in what nobody wants, such as
     * sums of a constant's gradients.
     *
     * @param gradient a gradient graph that nobody else uses
     * @param wanted names of the only variables that will be asked for
     */
    static void splitFor(SameDiff gradient, Set<String> wanted) {
        GradientOps ops = new GradientOps(gradient);
        new HalfProducts(ops, wanted, ops.neededFor(wanted)).split();
    }

    private void split() {
        for (SameDiffOp op : ops.all()) {
            if (op.getOp() instanceof MmulBp product && op.getInputsToOp().size() == 3) {
                split(op, product.iArgs());
            }
        }
    }

    private void split(SameDiffOp op, long[] flags) {
        if (flags[0] != 0 || flags[2] != 0) {
            return;
        }
        if (isIdle(op.getOutputsOfOp().get(1))) {
            splitRight(op, flags[1] == 0 ? 1 : 0);
        } else if (isIdle(op.getOutputsOfOp().get(0)) && flags[1] == 0) {
            splitLeft(op);
        }
    }

    private boolean isIdle(String variable) {
        return !wanted.contains(variable)
                && ops.readersOf(variable).stream().noneMatch(readers::contains);
    }

    /** {@code y = x·W} has {@code ∂x = ∂y·Wᵀ}, and {@code y = x·Wᵀ} has {@code ∂x = ∂y·W}. */
    private void splitRight(SameDiffOp op, int transposed) {
        String right = op.getInputsToOp().get(1);
        if (ops.shapeOf(right).length == 2) {
            List<String> inputs = List.of(op.getInputsToOp().get(2), right);
            ops.replace(op, product(0, transposed), inputs, List.of(op.getOutputsOfOp().get(0)));
        }
    }

    /** {@code y = x·W} has {@code ∂W = xᵀ·∂y}, for each matrix of a batch where both have one. */
    private void splitLeft(SameDiffOp op) {
        String left = op.getInputsToOp().get(0);
        String right = op.getInputsToOp().get(1);
        int rank = ops.shapeOf(left).length;
        if (rank >= 2 && ops.shapeOf(right).length == rank) {
            List<String> inputs = List.of(left, op.getInputsToOp().get(2));
            ops.replace(op, product(1, 0), inputs, List.of(op.getOutputsOfOp().get(1)));
        }
    }

    /** {@code y = x·W}, plain, is asked for ∂x alone, whoever makes ∂W. */
    static void keepLeft(GradientOps ops, SameDiffOp op) {
        List<String> inputs = List.of(op.getInputsToOp().get(2), op.getInputsToOp().get(1));
        ops.replace(op, product(0, 1), inputs, List.of(op.getOutputsOfOp().get(0)));
    }

    /** {@code y = u∘v} of one shape is asked for {@code ∂u = ∂y∘v} alone. */
    static void keepFirst(GradientOps ops, SameDiffOp op) {
        List<String> inputs = List.of(op.getInputsToOp().get(2), op.getInputsToOp().get(1));
        ops.replace(op, new MulOp(), inputs, List.of(op.getOutputsOfOp().get(0)));
    }

    private static Mmul product(int leftTransposed, int rightTransposed) {
        Mmul product = new Mmul();
        product.addIArgument(leftTransposed, rightTransposed, 0);
        product.addTArgument(1.0, 0.0);
        return product;
    }
}
