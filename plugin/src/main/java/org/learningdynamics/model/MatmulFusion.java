package org.learningdynamics.model;

import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Products of matrices and their gradients, each in the place of ND4J's. */
final class MatmulFusion {
    private static final int LEFT = 0; // places of flags
    private static final int RIGHT = 1;
    private static final int RESULT = 2;

    private final GradientOps ops;

    MatmulFusion(GradientOps ops) {
        this.ops = ops;
    }

    void fuse(SameDiffOp op) {
        if (!(op.getOp() instanceof DynamicCustomOp product) || !FusedOps.fits(ops, op)) {
            return;
        }
        boolean isProduct = product.opName().equals("matmul") && op.getInputsToOp().size() == 2;
        boolean isGradient = product.opName().equals("matmul_bp") && op.getInputsToOp().size() == 3;
        if ((isProduct || isGradient) && isPlain(product)) {
            boolean left = flag(product, LEFT);
            boolean right = flag(product, RIGHT);
            ops.replace(
                    op,
                    isProduct ? new MatmulOp(left, right) : new MatmulGradientOp(left, right),
                    op.getInputsToOp(),
                    op.getOutputsOfOp());
        }
    }

    /** Neither scaled nor transposed. */
    private static boolean isPlain(DynamicCustomOp product) {
        double[] scales = product.tArgs();
        boolean isScaled =
                (scales.length > 0 && scales[0] != 1) || (scales.length > 1 && scales[1] != 0);
        return !isScaled && !flag(product, RESULT);
    }

    private static boolean flag(DynamicCustomOp product, int place) {
        return product.numIArguments() > place && product.getIArgument(place) != 0;
    }
}
