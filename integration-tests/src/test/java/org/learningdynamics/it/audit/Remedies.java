package org.learningdynamics.it.audit;

import java.util.Map;
import org.learningdynamics.model.GradientVerdict;
import org.learningdynamics.model.GraphCondition;

/** What to do in place of an op whose gradient is wrong or missing. */
final class Remedies {
    private static final String ONE_HOT =
            "Multiply a one-hot matrix of the indices (oneHot, reshaped to rank 2) by the table.";
    private static final String GATHER =
            "Call GradientRepairs.installGather() before training starts, or multiply a one-hot matrix"
                    + " of the indices (oneHot, reshaped to rank 2) by the table.";
    private static final String LOG_SUM =
            "Use x − max(x) − log(sum(exp(x − max(x)))), as GradientRepairs.softmaxCrossEntropy does.";
    private static final String CROSS_ENTROPY = "Use GradientRepairs.softmaxCrossEntropy.";
    private static final String LOSS =
            "Make the op's own result the loss variable or sum it plainly; for weights, masks or"
                    + " means compose the loss from element-wise ops, softmax or logSoftmax and"
                    + " reduce_sum.";
    private static final String MASK =
            "Multiply by a 0/1 mask: mask·x + (1 − mask)·y, with the mask cast from a comparison.";
    private static final String OUTSIDE =
            "Do this outside the trained graph, or on inputs that no trained variable reaches.";
    private static final String COMPOSE = "Compose it from element-wise ops and reductions.";

    private static final Map<String, String> BY_OP =
            Map.ofEntries(
                    Map.entry("gather", GATHER),
                    Map.entry("gather_nd", ONE_HOT),
                    Map.entry("matrix_inverse", OUTSIDE),
                    Map.entry("embedding_lookup", ONE_HOT),
                    Map.entry("top_k", ONE_HOT),
                    Map.entry("repeat", "Use tile and reshape."),
                    Map.entry("meshgrid", "Use reshape and tile."),
                    Map.entry("flatten", "Reshape every input to rank 1 and concat."),
                    Map.entry("split_v", "Use slice, once a part."),
                    Map.entry("create_view", "Use slice, or get with SDIndex."),
                    Map.entry("invoke", ONE_HOT),
                    Map.entry("Where", MASK),
                    Map.entry("car", MASK),
                    Map.entry("switch", MASK),
                    Map.entry("merge", MASK),
                    Map.entry("enter", "Unroll the loop."),
                    Map.entry("exit", "Unroll the loop."),
                    Map.entry("next_iteration", "Unroll the loop."),
                    Map.entry("cumsum", "Multiply by a constant triangular matrix of ones."),
                    Map.entry("cumprod", "Use the exponential of a triangular matrix times log."),
                    Map.entry("mod", "Write x − y·floor(x / y) with floor's result as a constant."),
                    Map.entry(
                            "floormod", "Write x − y·floor(x / y) with floor's result a constant."),
                    Map.entry("precise_gelu", "Use gelu, or compose it with tanh."),
                    Map.entry("log_softmax", "Reshape to rank 2 and call logSoftmax(x) alone."),
                    Map.entry("reduce_logsumexp", "Use max(x) + log(sum(exp(x − max(x))))."),
                    Map.entry("tensordot", "Permute and reshape to rank 2, then mmul."),
                    Map.entry("matmul", "Reshape both operands to rank 2, then mmul."),
                    Map.entry("batched_gemm", "Stack the matrices and mmul once."),
                    Map.entry("xw_plus_b", "Use mmul and add."),
                    Map.entry("dropout", "Multiply by a mask given through a placeholder."),
                    Map.entry("dropout_inverted", "Multiply by a mask given by a placeholder."),
                    Map.entry(
                            "batchnorm",
                            "Write gamma·(x − mean)/sqrt(variance + epsilon) + beta yourself."),
                    Map.entry("strided_slice", "Use slice, or reshape the dimension away first."),
                    Map.entry("pad", "Concatenate reversed slices."),
                    Map.entry("var", "Use the mean of squared differences from the mean."),
                    Map.entry("clipbynorm", "Multiply by min(1, c / norm2(x))."),
                    Map.entry("clipbyavgnorm", "Multiply by min(1, c / mean norm)."),
                    Map.entry("cross", "Write the three components with slices."),
                    Map.entry("lrn", "Use layerNorm, or compose it."),
                    Map.entry("gru", "Compose the cell from mmul, sigmoid and tanh."),
                    Map.entry("gruCell", "Compose the cell from mmul, sigmoid and tanh."),
                    Map.entry("lstmBlockCell", "Use lstmLayer without an initial state."),
                    Map.entry("lstmLayer", "Leave the initial state out, or compose the cell."),
                    Map.entry("logsigmoid", "Use −softplus(−x) in its stable form."),
                    Map.entry("softplus", "Use max(x, 0) + log1p(exp(−|x|)), finite everywhere."),
                    Map.entry("swish", "Keep |x| below 700, or use x·sigmoid(x)."),
                    Map.entry("gelu", "Keep |x| below 700."),
                    Map.entry("reduce_norm2", "Add a small epsilon below the square root."),
                    Map.entry("lin_space", "Compose it from a constant ramp, mul and add."),
                    Map.entry("scatter_mul", "Make the indices unique."),
                    Map.entry("scatter_div", "Make the indices unique."),
                    Map.entry("diag", "Give it a vector."),
                    Map.entry("matrix_set_diag", "Use masks: x·(1 − I) + d·I."),
                    Map.entry("softmax_cross_entropy_loss_with_logits", CROSS_ENTROPY));

    private static final Map<GraphCondition, String> BY_CONDITION =
            Map.of(
                    GraphCondition.SCALED_LATER,
                    LOSS,
                    GraphCondition.BROADCAST,
                    "Bring both operands to the same shape first, by tile or by adding zeros.",
                    GraphCondition.SCALAR_OPERAND,
                    "Reshape the scalar to [1], or to the rank of the other operand.",
                    GraphCondition.NEGATIVE_DIMENSION_KEPT,
                    "Give the dimension as a number from 0 on.",
                    GraphCondition.DIMENSIONS_DROPPED,
                    "Keep the dimensions and reshape afterwards.",
                    GraphCondition.WEIGHT_PER_ELEMENT,
                    "Compose the loss from element-wise ops.");

    private static final Map<String, String> BY_OP_IF_SCALED =
            Map.of(
                    "softmax_cross_entropy_loss",
                    CROSS_ENTROPY,
                    "softmax_cross_entropy_loss_with_logits",
                    CROSS_ENTROPY,
                    "sparse_softmax_cross_entropy_loss_with_logits",
                    "Use GradientRepairs.sparseSoftmaxCrossEntropy.");

    private Remedies() {}

    static String of(String op, GraphCondition condition, GradientVerdict verdict) {
        if (verdict == GradientVerdict.EXACT) {
            return "";
        }
        if (condition == GraphCondition.SCALED_LATER && BY_OP_IF_SCALED.containsKey(op)) {
            return BY_OP_IF_SCALED.get(op);
        }
        if (condition == GraphCondition.EXTREME_VALUES && op.equals("log_softmax")) {
            return LOG_SUM;
        }
        String special = BY_OP.get(op);
        String general = BY_CONDITION.get(condition);
        if (general != null && !op.equals("reduce_logsumexp")) {
            return general;
        }
        if (special != null) {
            return special;
        }
        return verdict == GradientVerdict.THROWS ? OUTSIDE : COMPOSE;
    }
}
