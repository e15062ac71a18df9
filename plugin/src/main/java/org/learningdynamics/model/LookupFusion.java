package org.learningdynamics.model;

import java.util.List;
import java.util.Optional;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * A product of one-hot rows with a table, which is nothing but rows of the table: they are copied,
 * and the table's gradient adds up rows. Neither reads nor makes the one-hot matrix.
 */
final class LookupFusion {
    private static final int MOST_VALUES = Integer.MAX_VALUE / Float.BYTES; // of a table

    private final GradientOps ops;

    LookupFusion(GradientOps ops) {
        this.ops = ops;
    }

    void fuse(SameDiffOp op) {
        if (!op.getOp().opName().equals("matmul") || !FusedOps.fits(ops, op)) {
            return;
        }
        ids(op).ifPresent(ids -> replace(op, ids));
    }

    private void replace(SameDiffOp product, String ids) {
        replaceGradient(product, ids);
        List<String> inputs = List.of(product.getInputsToOp().get(1), ids);
        ops.replace(product, new LookupOp(), inputs, product.getOutputsOfOp());
    }

    /** The integers behind the left factor, if the right one is a table with a row for each. */
    private Optional<String> ids(SameDiffOp product) {
        long[] table = ops.shapeOf(product.getInputsToOp().get(1));
        if (table.length != 2
                || table[0] > MOST_VALUES / Math.max(1, table[1])
                || !isPlain((DynamicCustomOp) product.getOp())) {
            return Optional.empty();
        }
        return ops.makerOf(product.getInputsToOp().get(0), "onehot")
                .filter(LogProbFusion::isPlain)
                .filter(op -> ((DynamicCustomOp) op.getOp()).getIArgument(1) == table[0])
                .map(op -> op.getInputsToOp().get(0))
                .filter(ids -> ops.typeOf(ids).isIntType());
    }

    private static boolean isPlain(DynamicCustomOp product) {
        for (long flag : product.iArgs()) {
            if (flag != 0) {
                return false;
            }
        }
        return true;
    }

    /** What the product's other half makes, the gradient at the one-hot rows, stays. */
    private void replaceGradient(SameDiffOp product, String ids) {
        List<String> factors = product.getInputsToOp();
        for (SameDiffOp op : ops.opsReading(factors.get(0))) {
            if (op.getOp().opName().equals("matmul_bp")
                    && op.getOutputsOfOp().size() == 2
                    && op.getInputsToOp().subList(0, 2).equals(factors)) {
                String above = op.getInputsToOp().get(2);
                String gradient = op.getOutputsOfOp().get(1);
                HalfProducts.keepLeft(ops, op);
                ops.add(op, gradient, new LookupGradientOp(), List.of(factors.get(1), ids, above));
            }
        }
    }
}
