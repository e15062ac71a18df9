package org.learningdynamics.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.impl.loss.BaseLoss;

/**
 * Shapes that follow from a graph without running it: those of arrays and placeholders, and from
 * there through element-wise ops, matrix products, reductions, reshapes and losses. A size that is
 * open until run time is −1. What cannot be followed is unknown.
 */
final class KnownShapes {
    /** Functions of each value by itself; others are told by their type. */
    static final Set<String> SINGLES =
            Set.of(
                    "tanh",
                    "sigmoid",
                    "relu",
                    "relu6",
                    "elu",
                    "selu",
                    "gelu",
                    "precise_gelu",
                    "swish",
                    "softplus",
                    "softsign",
                    "logsigmoid",
                    "leakyrelu",
                    "hardtanh",
                    "hard_sigmoid",
                    "identity",
                    "square",
                    "cube",
                    "ClipByValue");

    private static final Set<String> SHAPE_OF_FIRST =
            Set.of(
                    "softmax",
                    "log_softmax",
                    "prelu",
                    "biasadd",
                    "layer_norm",
                    "standardize",
                    "cast",
                    "cumsum",
                    "zeroslike",
                    "ones_as",
                    "dropout",
                    "dropout_inverted",
                    "stop_gradient");

    /** Functions of two values that stand at the same place, broadcast. */
    static final Set<String> PAIRS =
            Set.of(
                    "add",
                    "subtract",
                    "multiply",
                    "divide",
                    "reversesubtract",
                    "reversedivide",
                    "squaredsubtract",
                    "maximum",
                    "minimum",
                    "Pow",
                    "tf_atan2",
                    "mod",
                    "floormod",
                    "floordiv");

    private final SameDiff graph;
    private final Map<String, long[]> shapes = new HashMap<>();

    KnownShapes(SameDiff graph) {
        this.graph = graph;
        for (SDVariable variable : graph.variables()) {
            if (variable.getVariableType() != VariableType.ARRAY) {
                long[] shape = variable.getShape();
                if (shape != null) {
                    shapes.put(variable.name(), shape);
                }
            }
        }
        for (SameDiffOp op : graph.getOps().values()) {
            List<String> outputs = GradientPath.outputs(op);
            if (outputs.size() == 1) {
                outputOf(op).ifPresent(shape -> shapes.put(outputs.get(0), shape));
            }
        }
    }

    Optional<long[]> of(String variable) {
        return Optional.ofNullable(shapes.get(variable));
    }

    /** The shape of an op's input, by position. */
    Optional<long[]> input(SameDiffOp op, int position) {
        List<String> inputs = GradientPath.inputs(op);
        return position < inputs.size() ? of(inputs.get(position)) : Optional.empty();
    }

    private Optional<long[]> outputOf(SameDiffOp op) {
        DifferentialFunction function = op.getOp();
        String name = function.opName();
        if (function instanceof BaseLoss loss) {
            return lossShape(op, loss);
        }
        if (function instanceof ReduceOp reduce && !(function instanceof DynamicCustomOp)) {
            return reduced(op, reduce);
        }
        if (SINGLES.contains(name) || SHAPE_OF_FIRST.contains(name) || isElementWise(function)) {
            return input(op, 0);
        }
        if (PAIRS.contains(name)) {
            return broadcast(input(op, 0), input(op, 1));
        }
        return switch (name) {
            case "matmul" -> product(op, (DynamicCustomOp) function);
            case "reshape" -> reshaped(op, (DynamicCustomOp) function);
            case "permute" -> permuted(op, (DynamicCustomOp) function);
            case "sparse_softmax_cross_entropy_loss_with_logits" -> input(op, 0);
            default -> Optional.empty();
        };
    }

    /** Whether an op with one input has its shape, by its type. */
    private static boolean isElementWise(DifferentialFunction function) {
        return switch (function.opType()) {
            case SCALAR, TRANSFORM_SAME, TRANSFORM_FLOAT, TRANSFORM_STRICT, TRANSFORM_ANY -> true;
            default -> false;
        };
    }

    /** A loss that is not reduced has its predictions' shape only where weights are no wider. */
    private static Optional<long[]> lossShape(SameDiffOp op, BaseLoss loss) {
        boolean scalar = loss.numIArguments() > 0 && loss.getIArgument(0) != 0;
        return scalar && !GradientPath.outputs(op).isEmpty()
                ? Optional.of(new long[0])
                : Optional.empty();
    }

    private Optional<long[]> reduced(SameDiffOp op, ReduceOp reduce) {
        if (GradientPath.inputs(op).size() != 1) {
            return Optional.empty();
        }
        int[] dimensions = dimensions((DifferentialFunction) reduce);
        if (dimensions.length == 0 && !reduce.isKeepDims()) {
            return Optional.of(new long[0]);
        }
        return input(op, 0).map(shape -> without(shape, dimensions, reduce.isKeepDims()));
    }

    /** The reduced dimensions; empty for all. */
    static int[] dimensions(DifferentialFunction reduction) {
        int[] given = reduction.getDimensions();
        boolean all = given == null || Arrays.stream(given).anyMatch(d -> d == Integer.MAX_VALUE);
        return all ? new int[0] : given;
    }

    private static long[] without(long[] shape, int[] dimensions, boolean keep) {
        boolean[] gone = new boolean[shape.length];
        for (int dimension : dimensions) {
            int at = dimension < 0 ? dimension + shape.length : dimension;
            if (at >= 0 && at < shape.length) {
                gone[at] = true;
            }
        }
        if (dimensions.length == 0) {
            Arrays.fill(gone, true);
        }
        return IntStream.range(0, shape.length)
                .filter(i -> keep || !gone[i])
                .mapToLong(i -> gone[i] ? 1 : shape[i])
                .toArray();
    }

    /** The shape of an element-wise result. */
    static Optional<long[]> broadcast(Optional<long[]> left, Optional<long[]> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        long[] a = left.get();
        long[] b = right.get();
        long[] result = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= result.length; i++) {
            long x = i <= a.length ? a[a.length - i] : 1;
            long y = i <= b.length ? b[b.length - i] : 1;
            result[result.length - i] = x == 1 ? y : y == 1 ? x : Math.max(x, y);
        }
        return Optional.of(result);
    }

    private Optional<long[]> product(SameDiffOp op, DynamicCustomOp function) {
        Optional<long[]> left = input(op, 0);
        Optional<long[]> right = input(op, 1);
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        long[] a = left.get();
        long[] b = right.get();
        if (a.length < 2 || a.length != b.length) {
            return Optional.empty();
        }
        int last = a.length - 1;
        long[] result = a.clone();
        result[last - 1] = transposed(function, 0) ? a[last] : a[last - 1];
        result[last] = transposed(function, 1) ? b[last - 1] : b[last];
        return transposed(function, 2) ? Optional.empty() : Optional.of(result);
    }

    private static boolean transposed(DynamicCustomOp function, int operand) {
        return function.numIArguments() > operand && function.getIArgument(operand) != 0;
    }

    private Optional<long[]> reshaped(SameDiffOp op, DynamicCustomOp function) {
        List<String> inputs = GradientPath.inputs(op);
        if (inputs.size() == 1 && function.numIArguments() > 1) {
            long[] arguments = function.iArgs();
            return Optional.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        }
        return inputs.size() == 2
                ? constant(inputs.get(1)).map(INDArray::toLongVector)
                : Optional.empty();
    }

    private Optional<long[]> permuted(SameDiffOp op, DynamicCustomOp function) {
        long[] order = function.iArgs();
        return input(op, 0)
                .filter(shape -> shape.length == order.length)
                .map(shape -> Arrays.stream(order).map(i -> shape[(int) i]).toArray());
    }

    /** The value of a constant of the graph. */
    Optional<INDArray> constant(String name) {
        SDVariable variable = graph.hasVariable(name) ? graph.getVariable(name) : null;
        return variable != null && variable.getVariableType() == VariableType.CONSTANT
                ? Optional.ofNullable(variable.getArr())
                : Optional.empty();
    }
}
