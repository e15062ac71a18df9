package org.learningdynamics.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Gradients of sums. Of {@code y = x + b} with one b a column, {@code ∂x = ∂y} is not copied unless
 * somebody wants both, and {@code ∂b = Σ_rows ∂y}. Of others each term's is made alone, where
 * somebody reads it.
 */
final class SumFusion {
    private final GradientOps ops;
    private final Set<String> wanted;

    SumFusion(GradientOps ops, Set<String> wanted) {
        this.ops = ops;
        this.wanted = wanted;
    }

    void fuse(SameDiffOp op) {
        if (!op.getOp().opName().equals("add_bp")
                || op.getInputsToOp().size() != 3
                || op.getOutputsOfOp().size() != 2
                || !FusedOps.fits(ops, op)) {
            return;
        }
        for (int side = 0; side < 2; side++) {
            long[] bias = ops.shapeOf(op.getInputsToOp().get(side));
            Optional<Long> columns = lastSize(op.getInputsToOp().get(1 - side));
            if (isRow(bias) && columns.equals(Optional.of(bias[bias.length - 1]))) {
                replace(op, side, bias);
                return;
            }
        }
        split(op);
    }

    /** [c] or [1, c], which repeats no matrix. */
    private static boolean isRow(long[] shape) {
        return shape.length == 1 || (shape.length == 2 && shape[0] == 1);
    }

    private void split(SameDiffOp op) {
        List<String> inputs = op.getInputsToOp();
        List<String> outputs = op.getOutputsOfOp();
        String above = inputs.get(2);
        String second = outputs.get(1);
        List<String> secondInputs = List.of(above, inputs.get(1));
        List<String> firstInputs = List.of(above, inputs.get(0));
        ops.replace(op, new SumToOp(), firstInputs, List.of(outputs.get(0)));
        ops.add(op, second, new SumToOp(), secondInputs);
    }

    private void replace(SameDiffOp op, int side, long[] bias) {
        String above = op.getInputsToOp().get(2);
        String biasGradient = op.getOutputsOfOp().get(side);
        String rest = op.getOutputsOfOp().get(1 - side);
        ops.replace(op, new SameOp(), List.of(above), List.of(rest));
        ops.add(op, biasGradient, new ColumnSumsOp(bias), List.of(above));
        if (!wanted.contains(rest)) {
            ops.redirect(rest, above);
        }
    }

    /** The size of the last dimension where it follows from a matrix; more than 1. */
    private Optional<Long> lastSize(String variable) {
        Optional<SameDiffOp> maker = ops.makerOf(variable);
        if (maker.isEmpty()) {
            return Optional.empty();
        }
        List<String> inputs = maker.get().getInputsToOp();
        return switch (maker.get().getOp().opName()) {
            case "matmul" -> columns((DynamicCustomOp) maker.get().getOp(), inputs.get(1));
            case "add", "multiply" -> lastSize(inputs.get(0)).or(() -> lastSize(inputs.get(1)));
            default -> Optional.empty();
        };
    }

    private Optional<Long> columns(DynamicCustomOp product, String right) {
        long[] shape = ops.shapeOf(right);
        long[] flags = product.iArgs();
        boolean isPlain = flags.length < 3 || (flags[0] == 0 && flags[2] == 0);
        if (shape.length != 2 || !isPlain) {
            return Optional.empty();
        }
        long size = shape[flags.length > 1 && flags[1] != 0 ? 0 : 1];
        return size > 1 ? Optional.of(size) : Optional.empty();
    }
}
