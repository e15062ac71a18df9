package org.learningdynamics.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.shape.Gather;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SameDiff's {@code gather} with a right gradient. {@link GradientRepairs#installGather()} puts it
 * in the place of the original; SameDiff then creates it by reflection when it builds gradients.
 *
 * <p>Along axis a, {@code out[i, j…, k] = table[i, indices[j…], k]}, and
 *
 * <pre>{@code
 * dL/dtable[i, r, k] = sum over j with indices[j…] = r of dL/dout[i, j…, k]
 * }</pre>
 *
 * <p>Shapes: table of rank 1 or more, indices of any rank, but of rank 0 or 1 for a table of rank
 * 1. The indices get a gradient of zeros. They must be at least 0 and less than the size of the
 * axis, which ND4J does not check: its forward pass reads foreign memory elsewhere, or ends the
 * process. Cost of the backward pass: one array of the table's shape and one addition a gathered
 * value; off axis 0 also a transposed copy of each.
 */
public final class RepairedGather extends Gather {
    /** For SameDiff, which fills in everything else. */
    public RepairedGather() {}

    /**
     * Adds the gradient to the graph.
     *
     * @param incoming gradient of the loss with respect to the gathered values
     * @return gradients of table and indices
     * @throws UnsupportedOperationException if the axis is given as an array or counted from the
     *     end of a table of unknown rank
     */
    @Override
    public List<SDVariable> doDiff(List<SDVariable> incoming) {
        int axis = checkedAxis();
        SDVariable flat = sameDiff.reshape(arg(1), -1);
        if (axis == 0 && isMatrix(arg(0))) {
            SDVariable updates = rowsOf(incoming.get(0), sameDiff.shape(flat));
            SDVariable zeros = sameDiff.zerosLike(arg(0));
            return List.of(sameDiff.scatterAdd(zeros, flat, updates), sameDiff.zerosLike(arg(1)));
        }
        SDVariable gradient =
                axis == 0 ? alongRows(flat, incoming.get(0)) : along(axis, flat, incoming.get(0));
        return List.of(
                sameDiff.reshape(gradient, sameDiff.shape(arg(0))), sameDiff.zerosLike(arg(1)));
    }

    /**
     * Shape of the gathered values. ND4J 1.0.0-M2.1 copies the whole of a table of rank 1 for every
     * row of indices, past the end of its result, and the process dies; such shapes are refused
     * here, just before the op would run.
     *
     * @param context the arrays the op is about to run on
     * @return the shape, a list of one
     * @throws IllegalArgumentException if the table is of rank 1 and the indices of rank 2 or more
     */
    @Override
    public List<LongShapeDescriptor> calculateOutputShape(@Nullable OpContext context) {
        if (context != null && context.numInputArguments() > 1) {
            INDArray table = context.getInputArray(0);
            INDArray indices = context.getInputArray(1);
            if (table.rank() == 1 && indices.rank() > 1) {
                throw new IllegalArgumentException(
                        getOwnName()
                                + " (repaired gather): the indices into a table of rank 1 must be of rank 0 or 1 (ND4J"
                                + " would end the process), got rank "
                                + indices.rank());
            }
        }
        return super.calculateOutputShape(context);
    }

    /** Whether that is known beforehand; reshaping it would copy it. */
    private static boolean isMatrix(SDVariable table) {
        long[] shape = table.getShape();
        return shape != null && shape.length == 2;
    }

    private int checkedAxis() {
        if (args().length != 2 || numIArguments() == 0) {
            throw new UnsupportedOperationException(
                    getOwnName()
                            + " (repaired gather): the axis must be an integer argument beside table and indices, got "
                            + args().length
                            + " inputs and "
                            + numIArguments()
                            + " integer arguments");
        }
        if (jaxis >= 0) {
            return jaxis;
        }
        long[] shape = arg(0).getShape();
        if (shape == null) {
            throw new UnsupportedOperationException(
                    getOwnName()
                            + " (repaired gather): the axis must be >= 0 where the rank of the table is not known"
                            + " beforehand, got "
                            + jaxis);
        }
        return jaxis + shape.length;
    }

    /** Rows of the table as [rows, values], so that any rank is one case. */
    private SDVariable alongRows(SDVariable flat, SDVariable incoming) {
        SDVariable rows = rowsOf(arg(0), size(0, 1));
        return sameDiff.scatterAdd(
                sameDiff.zerosLike(rows), flat, rowsOf(incoming, sameDiff.shape(flat)));
    }

    private SDVariable rowsOf(SDVariable array, SDVariable count) {
        return sameDiff.reshape(array, sameDiff.concat(0, count, number(-1)));
    }

    /**
     * Table and gradient as [before, along the axis, after], with the axis brought to the front.
     */
    private SDVariable along(int axis, SDVariable flat, SDVariable incoming) {
        SDVariable before = sameDiff.reshape(sameDiff.prod(size(0, axis), 0), 1);
        SDVariable table = axisFirst(arg(0), before, size(axis, 1));
        SDVariable updates = axisFirst(incoming, before, sameDiff.shape(flat));
        SDVariable sums = sameDiff.scatterAdd(sameDiff.zerosLike(table), flat, updates);
        return sameDiff.permute(sums, 1, 0, 2);
    }

    private SDVariable axisFirst(SDVariable array, SDVariable before, SDVariable count) {
        SDVariable three = sameDiff.concat(0, before, count, number(-1));
        return sameDiff.permute(sameDiff.reshape(array, three), 1, 0, 2);
    }

    private SDVariable size(int from, int count) {
        return sameDiff.slice(sameDiff.shape(arg(0)), new int[] {from}, count);
    }

    private SDVariable number(long value) {
        return sameDiff.constant(Nd4j.createFromArray(value).castTo(DataType.INT64));
    }
}
