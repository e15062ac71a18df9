package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.impl.summarystats.Variance;

/** Decides from a graph alone whether a condition of the survey holds for an op. */
final class ConditionCheck {
    enum Answer {
        NO,
        UNKNOWN,
        YES
    }

    /** Ops whose incoming gradient, if it is all ones, is all ones on their input too. */
    private static final Set<String> PASS_ONES =
            Set.of("identity", "reduce_sum", "reshape", "squeeze", "expand_dims", "permute");

    private static final int LSTM_INPUTS_WITHOUT_STATE = 4;

    private final GradientPath path;
    private final KnownShapes shapes;

    ConditionCheck(GradientPath path, KnownShapes shapes) {
        this.path = path;
        this.shapes = shapes;
    }

    Answer holds(GraphCondition condition, SameDiffOp op) {
        DifferentialFunction function = op.getOp();
        return switch (condition) {
            case ALWAYS, EXTREME_VALUES -> Answer.YES;
            case SCALED_LATER -> scaledLater(op);
            case BROADCAST -> broadcast(op);
            case SCALAR_OPERAND -> scalarOperand(op);
            case NOT_RANK_1 -> first(op, shape -> shape.length != 1);
            case NOT_SQUARE -> first(op, ConditionCheck::notSquare);
            case NEGATIVE_DIMENSION_KEPT -> answer(keptNegative(function));
            case NOT_BIAS_CORRECTED ->
                    answer(function instanceof Variance v && !v.isBiasCorrected());
            case DIMENSIONS_DROPPED -> answer(dropped(function));
            case UNIT_DIMENSION -> unitDimension(op);
            case RANKS_DIFFER -> both(op, (a, b) -> a.length != b.length);
            case REPEATED_INDICES -> repeated(op);
            case DIMENSION_GIVEN ->
                    answer(function instanceof DynamicCustomOp c && c.numIArguments() > 0);
            case PAD_NOT_CONSTANT ->
                    answer(
                            function instanceof DynamicCustomOp c
                                    && c.numIArguments() > 0
                                    && c.getIArgument(0) != 0);
            case INITIAL_STATE ->
                    answer(GradientPath.inputs(op).size() > LSTM_INPUTS_WITHOUT_STATE);
            case WEIGHT_PER_ELEMENT -> both(op, Arrays::equals);
        };
    }

    private static Answer answer(boolean holds) {
        return holds ? Answer.YES : Answer.NO;
    }

    private Answer first(SameDiffOp op, Predicate<long[]> test) {
        return shapes.input(op, 0).map(shape -> answer(test.test(shape))).orElse(Answer.UNKNOWN);
    }

    /** A test of two shapes. */
    private interface Pair {
        boolean test(long[] left, long[] right);
    }

    private Answer both(SameDiffOp op, Pair test) {
        Optional<long[]> left = shapes.input(op, 0);
        Optional<long[]> right = shapes.input(op, 1);
        return left.isEmpty() || right.isEmpty()
                ? Answer.UNKNOWN
                : answer(test.test(left.get(), right.get()));
    }

    private Answer broadcast(SameDiffOp op) {
        Optional<long[]> left = shapes.input(op, 0);
        Optional<long[]> right = shapes.input(op, 1);
        Optional<long[]> result = KnownShapes.broadcast(left, right);
        if (result.isPresent()) {
            return answer(isSpread(op, 0, left, result) || isSpread(op, 1, right, result));
        }
        boolean onlyScalarsSpread =
                isFixedScalar(op, 0, left)
                        || isFixedScalar(op, 1, right)
                        || !(needsGradient(op, 0) || needsGradient(op, 1));
        return onlyScalarsSpread ? Answer.NO : Answer.UNKNOWN;
    }

    private boolean isSpread(
            SameDiffOp op, int position, Optional<long[]> operand, Optional<long[]> result) {
        return needsGradient(op, position) && !Arrays.equals(operand.get(), result.get());
    }

    private boolean isFixedScalar(SameDiffOp op, int position, Optional<long[]> shape) {
        return !needsGradient(op, position) && shape.isPresent() && shape.get().length == 0;
    }

    private boolean needsGradient(SameDiffOp op, int position) {
        List<String> inputs = GradientPath.inputs(op);
        return position < inputs.size() && path.needsGradient(inputs.get(position));
    }

    private Answer scalarOperand(SameDiffOp op) {
        return needsGradient(op, 1) ? both(op, (a, b) -> b.length == 0 && a.length > 0) : Answer.NO;
    }

    private static boolean notSquare(long[] shape) {
        return shape.length < 2 || shape[shape.length - 1] != shape[shape.length - 2];
    }

    private static boolean keptNegative(DifferentialFunction function) {
        return function instanceof ReduceOp reduce
                && reduce.isKeepDims()
                && Arrays.stream(KnownShapes.dimensions(function)).anyMatch(d -> d < 0);
    }

    private static boolean dropped(DifferentialFunction function) {
        return function instanceof ReduceOp reduce
                && !reduce.isKeepDims()
                && KnownShapes.dimensions(function).length > 0;
    }

    private Answer unitDimension(SameDiffOp op) {
        Optional<long[]> shape = shapes.input(op, 0);
        if (shape.isEmpty()) {
            return Answer.UNKNOWN;
        }
        if (Arrays.stream(shape.get()).anyMatch(size -> size == 1)) {
            return Answer.YES;
        }
        return Arrays.stream(shape.get()).anyMatch(size -> size < 0) ? Answer.UNKNOWN : Answer.NO;
    }

    private Answer repeated(SameDiffOp op) {
        List<String> inputs = GradientPath.inputs(op);
        Optional<INDArray> indices =
                inputs.size() < 2 ? Optional.empty() : shapes.constant(inputs.get(1));
        return indices.map(ConditionCheck::hasRepeats).orElse(Answer.UNKNOWN);
    }

    private static Answer hasRepeats(INDArray indices) {
        long distinct = Arrays.stream(indices.dup().data().asLong()).distinct().count();
        return answer(distinct < indices.length());
    }

    private Answer scaledLater(SameDiffOp op) {
        Answer worst = Answer.NO;
        for (String output : GradientPath.outputs(op)) {
            Answer answer = scaled(output);
            worst = answer.compareTo(worst) > 0 ? answer : worst;
        }
        return worst;
    }

    private Answer scaled(String start) {
        Answer answer = Answer.NO;
        String at = start;
        while (true) {
            List<SameDiffOp> readers = path.readers(at);
            if (readers.isEmpty()) {
                return answer;
            }
            SameDiffOp reader = readers.get(0);
            if (readers.size() > 1 || path.isLoss(at) || GradientPath.outputs(reader).size() != 1) {
                return Answer.YES;
            }
            String next = GradientPath.outputs(reader).get(0);
            if (!passesOnes(reader)) {
                return Answer.YES;
            }
            if (!sameShapeIfSum(reader, at, next)) {
                answer = Answer.UNKNOWN;
            }
            at = next;
        }
    }

    private static boolean passesOnes(SameDiffOp op) {
        String name = op.getOp().opName();
        return PASS_ONES.contains(name) || isSum(name);
    }

    private static boolean isSum(String name) {
        return name.equals("add") || name.equals("mergeadd") || name.equals("add_scalar");
    }

    /** A term that a sum spreads over a larger shape gets more than ones back. */
    private boolean sameShapeIfSum(SameDiffOp op, String term, String sum) {
        if (!isSum(op.getOp().opName())) {
            return true;
        }
        Optional<long[]> before = shapes.of(term);
        Optional<long[]> after = shapes.of(sum);
        return before.isPresent() && after.isPresent() && Arrays.equals(before.get(), after.get());
    }
}
