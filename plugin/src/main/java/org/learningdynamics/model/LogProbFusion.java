package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;

/**
 * Log-probabilities of labels as {@code loss.ResponseLogProbs} writes them, with value and gradient
 * apart:
 *
 * <pre>{@code
 * (⟨e_y, z⟩ − max z) + log max π + (⟨e_y − π, z⟩ − stopped(⟨e_y − π, z⟩))
 * }</pre>
 *
 * where z is stopped, and π made of it, everywhere but in the last but one product. The last
 * difference is 0 and carries the gradient.
 */
final class LogProbFusion {
    private static final String ADD = "add";
    private static final String SUBTRACT = "subtract";
    private static final String RESHAPE = "reshape";
    private static final String MATMUL = "matmul";
    private static final String STOP = "stop_gradient";

    private final GradientOps ops;

    LogProbFusion(GradientOps ops) {
        this.ops = ops;
    }

    /** What the log-probabilities are made of; the slope is ⟨e_y − π, z⟩. */
    private record Found(String logits, String reshapedLogits, String labels, String slope) {}

    void fuse(SameDiffOp op) {
        if (!op.getOp().opName().equals(ADD) || !FusedOps.fits(ops, op)) {
            return;
        }
        Optional<Found> found = find(op);
        found.filter(all -> isClosed(op, all)).ifPresent(all -> replaceGradient(op, all));
        found.ifPresent(
                all ->
                        ops.replace(
                                op,
                                new LogProbOp(),
                                List.of(all.logits(), all.labels()),
                                op.getOutputsOfOp()));
    }

    /** Whether the slope's gradient is that of the sum. */
    private boolean isClosed(SameDiffOp sum, Found found) {
        String zero = input(sum, 1);
        SameDiffOp difference = ops.makerOf(zero).orElseThrow();
        SameDiffOp stop = ops.makerOf(input(difference, 1)).orElseThrow();
        return ops.isReadOnlyBy(zero, Set.of(sum.getName()))
                && ops.isReadOnlyBy(found.slope(), Set.of(difference.getName(), stop.getName()));
    }

    /** What the slope's reshaped logits give back to the logits. */
    private void replaceGradient(SameDiffOp sum, Found found) {
        Optional<String> weights = ops.gradientOf(sum.getOutputsOfOp().get(0));
        Optional<String> reshaped = ops.gradientOf(found.reshapedLogits());
        List<SameDiffOp> makers =
                reshaped.stream()
                        .flatMap(gradient -> ops.opsReading(gradient).stream())
                        .filter(op -> op.getOp().opName().equals(RESHAPE))
                        .toList();
        if (weights.isPresent() && makers.size() == 1) {
            ops.replace(
                    makers.get(0),
                    new MissingOp(),
                    List.of(found.logits(), found.labels(), weights.get()),
                    makers.get(0).getOutputsOfOp());
        }
    }

    private Optional<Found> find(SameDiffOp sum) {
        String slope =
                ops.makerOf(input(sum, 1), SUBTRACT)
                        .filter(zero -> isStopped(input(zero, 1), input(zero, 0)))
                        .map(zero -> input(zero, 0))
                        .orElse("");
        return product(slope)
                .flatMap(product -> slope(product, slope))
                .filter(found -> isValue(input(sum, 0), found));
    }

    /** {@code ⟨e_y − π, z⟩}. */
    private Optional<Found> slope(SameDiffOp product, String slope) {
        Optional<SameDiffOp> logits = ops.makerOf(input(product, 1), RESHAPE);
        Optional<SameDiffOp> missing =
                ops.makerOf(input(product, 0), RESHAPE)
                        .flatMap(reshape -> ops.makerOf(input(reshape, 0), SUBTRACT));
        Optional<SameDiffOp> oneHot =
                missing.flatMap(op -> ops.makerOf(input(op, 0), "onehot"))
                        .filter(LogProbFusion::isPlain);
        if (logits.isEmpty() || oneHot.isEmpty()) {
            return Optional.empty();
        }
        String z = input(logits.get(), 0);
        return missing.filter(op -> isSoftmax(input(op, 1), z))
                .map(op -> new Found(z, input(product, 1), input(oneHot.get(), 0), slope));
    }

    private boolean isValue(String value, Found found) {
        Optional<SameDiffOp> sum = ops.makerOf(value, ADD);
        Optional<SameDiffOp> top =
                sum.flatMap(op -> ops.makerOf(input(op, 1), "log"))
                        .flatMap(log -> largest(input(log, 0)))
                        .filter(max -> isSoftmax(input(max, 0), found.logits()));
        Optional<SameDiffOp> shifted = sum.flatMap(op -> ops.makerOf(input(op, 0), SUBTRACT));
        return top.isPresent()
                && shifted.flatMap(op -> largest(input(op, 1)))
                        .filter(max -> isStopped(input(max, 0), found.logits()))
                        .isPresent()
                && shifted.flatMap(op -> product(input(op, 0)))
                        .filter(product -> isLogitOf(product, found))
                        .isPresent();
    }

    /** {@code ⟨e_y, z⟩}. */
    private boolean isLogitOf(SameDiffOp product, Found found) {
        boolean isOneHot =
                ops.makerOf(input(product, 0), RESHAPE)
                        .flatMap(reshape -> ops.makerOf(input(reshape, 0), "onehot"))
                        .filter(LogProbFusion::isPlain)
                        .filter(oneHot -> input(oneHot, 0).equals(found.labels()))
                        .isPresent();
        return isOneHot
                && ops.makerOf(input(product, 1), RESHAPE)
                        .filter(reshape -> isStopped(input(reshape, 0), found.logits()))
                        .isPresent();
    }

    /** [n, 1, V] by [n, V, 1], reshaped to [n]. */
    private Optional<SameDiffOp> product(String variable) {
        if (variable.isEmpty()) {
            return Optional.empty();
        }
        return ops.makerOf(variable, RESHAPE)
                .filter(reshape -> Arrays.equals(shape(reshape), new long[] {-1}))
                .flatMap(reshape -> ops.makerOf(input(reshape, 0), MATMUL))
                .filter(product -> isOfRows(product, 0, 1) && isOfRows(product, 1, 2));
    }

    /** Whether an operand is a matrix of one row, or column, for each row. */
    private boolean isOfRows(SameDiffOp product, int operand, int single) {
        boolean isPlain =
                Arrays.stream(((DynamicCustomOp) product.getOp()).iArgs()).allMatch(i -> i == 0);
        return isPlain
                && ops.makerOf(input(product, operand), RESHAPE)
                        .map(LogProbFusion::shape)
                        .filter(s -> s.length == 3 && s[0] == -1 && s[single] == 1)
                        .isPresent();
    }

    private static long[] shape(SameDiffOp reshape) {
        long[] arguments = ((DynamicCustomOp) reshape.getOp()).iArgs();
        return arguments.length < 2
                ? new long[0]
                : Arrays.copyOfRange(arguments, 1, arguments.length);
    }

    private boolean isSoftmax(String variable, String logits) {
        return ops.makerOf(variable, "softmax")
                .filter(op -> ((DynamicCustomOp) op.getOp()).getIArgument(0) == 1)
                .filter(op -> isStopped(input(op, 0), logits))
                .isPresent();
    }

    private boolean isStopped(String variable, String source) {
        return ops.makerOf(variable, STOP).filter(op -> input(op, 0).equals(source)).isPresent();
    }

    /** Maxima of rows. */
    private Optional<SameDiffOp> largest(String variable) {
        return ops.makerOf(variable, "reduce_max")
                .filter(
                        op ->
                                op.getOp() instanceof ReduceOp max
                                        && !max.isKeepDims()
                                        && Arrays.equals(
                                                KnownShapes.dimensions(op.getOp()), new int[] {1}));
    }

    /** Ones and zeros along the last axis. */
    static boolean isPlain(SameDiffOp op) {
        return op.getOp() instanceof OneHot oneHot
                && oneHot.getIArgument(0) == -1
                && Arrays.equals(oneHot.tArgs(), new double[] {1, 0});
    }

    private static String input(SameDiffOp op, int position) {
        return op.getInputsToOp().get(position);
    }
}
