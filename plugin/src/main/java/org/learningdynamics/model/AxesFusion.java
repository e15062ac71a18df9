package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Axes in another order of which the last stays where it is, so that whole runs are copied: heads
 * beside each other that are brought below each other, and back. Slices of such an array, and such
 * an array of slices, are copied once instead of twice.
 */
final class AxesFusion {
    private final GradientOps ops;

    AxesFusion(GradientOps ops) {
        this.ops = ops;
    }

    /** Slices, before {@link #fusePermuted} takes what they are slices of. */
    void fuseSplit(SameDiffOp op) {
        if (!op.getOp().opName().equals("unstack") || !isAlongFirst(op)) {
            return;
        }
        Optional<SameDiffOp> permuted =
                ops.makerOf(op.getInputsToOp().get(0), "permute").filter(this::isOfRuns);
        permuted.ifPresent(
                all ->
                        ops.replace(
                                op,
                                new SplitOp(order(all), op.getOutputsOfOp().size()),
                                all.getInputsToOp(),
                                op.getOutputsOfOp()));
    }

    void fusePermuted(SameDiffOp op) {
        if (!op.getOp().opName().equals("permute") || !isOfRuns(op)) {
            return;
        }
        Optional<SameDiffOp> joined =
                ops.makerOf(op.getInputsToOp().get(0), "stack").filter(this::isAlongFirst);
        List<String> inputs = joined.map(SameDiffOp::getInputsToOp).orElse(op.getInputsToOp());
        DynamicCustomOp other =
                joined.isPresent() ? new JoinOp(order(op)) : new PermuteOp(order(op));
        ops.replace(op, other, inputs, op.getOutputsOfOp());
    }

    private boolean isAlongFirst(SameDiffOp op) {
        DynamicCustomOp custom = (DynamicCustomOp) op.getOp();
        return FusedOps.fits(ops, op) && custom.numIArguments() > 0 && custom.getIArgument(0) == 0;
    }

    private boolean isOfRuns(SameDiffOp op) {
        long[] order = ((DynamicCustomOp) op.getOp()).iArgs();
        int last = order.length - 1;
        return FusedOps.fits(ops, op)
                && op.getInputsToOp().size() == 1
                && last > 0
                && order[last] == last
                && LongStream.of(order).allMatch(axis -> axis >= 0);
    }

    private static int[] order(SameDiffOp permute) {
        long[] order = ((DynamicCustomOp) permute.getOp()).iArgs();
        return Arrays.stream(order).mapToInt(Math::toIntExact).toArray();
    }
}
