package org.learningdynamics.model;

import java.util.List;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Softmax and its gradient, each in the place of ND4J's. */
final class SoftmaxFusion {
    private final GradientOps ops;

    SoftmaxFusion(GradientOps ops) {
        this.ops = ops;
    }

    void fuse(SameDiffOp op) {
        if (isOp(op, "softmax", 1)) {
            SoftmaxOp softmax = new SoftmaxOp(dimension(op));
            ops.replace(op, softmax, op.getInputsToOp(), op.getOutputsOfOp());
        }
    }

    /** The gradient reads the probabilities, where there are some, instead of the logits. */
    void fuseGradient(SameDiffOp op) {
        if (!isOp(op, "softmax_bp", 2)) {
            return;
        }
        for (SameDiffOp reader : ops.opsReading(op.getInputsToOp().get(0))) {
            if (reader.getOp() instanceof SoftmaxOp softmax
                    && softmax.dimension() == dimension(op)) {
                ops.replace(
                        op,
                        new SoftmaxGradientOp(softmax.dimension()),
                        List.of(reader.getOutputsOfOp().get(0), op.getInputsToOp().get(1)),
                        op.getOutputsOfOp());
                return;
            }
        }
    }

    private boolean isOp(SameDiffOp op, String name, int inputs) {
        return op.getOp().opName().equals(name)
                && op.getInputsToOp().size() == inputs
                && ((DynamicCustomOp) op.getOp()).numIArguments() == 1
                && FusedOps.fits(ops, op);
    }

    private static int dimension(SameDiffOp op) {
        return Math.toIntExact(((DynamicCustomOp) op.getOp()).getIArgument(0));
    }
}
