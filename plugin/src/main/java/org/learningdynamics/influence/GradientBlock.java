package org.learningdynamics.influence;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A part of the gradients {@code [N, d, p]} of N rows: some of the rows, and of each a rectangle.
 *
 * @param fromRow first of the N rows
 * @param toRow row after the last
 * @param top first row of the rectangle, of d
 * @param bottom row after its last
 * @param left first column of the rectangle, of p
 * @param right column after its last
 */
public record GradientBlock(int fromRow, int toRow, long top, long bottom, long left, long right) {
    /** All of some columns. */
    static GradientBlock columns(FactoredGradient gradient, long from, long to) {
        return new GradientBlock(0, gradient.rows(), 0, gradient.parameter().rows(), from, to);
    }

    /** The same rectangle of other rows. */
    GradientBlock ofRows(int from, int to) {
        return new GradientBlock(from, to, top, bottom, left, right);
    }

    /**
     * Number of rows.
     *
     * @return of the N
     */
    public int rows() {
        return toRow - fromRow;
    }

    /**
     * Rows of the rectangle.
     *
     * @return of d
     */
    public long height() {
        return bottom - top;
    }

    /**
     * Columns of the rectangle.
     *
     * @return of p
     */
    public long width() {
        return right - left;
    }

    /** Values a row. */
    long size() {
        return height() * width();
    }

    /** A view // [d, p] to [height, width]. */
    INDArray ofMatrix(INDArray matrix) {
        return view(matrix, new long[] {top, left}, new long[] {bottom, right});
    }

    /** A view // [N, d, p] to [rows, height, width]. */
    INDArray ofWhole(INDArray whole) {
        return view(whole, new long[] {fromRow, top, left}, new long[] {toRow, bottom, right});
    }

    /** A view of what belongs to the rectangle's rows // [N, T, d] to [rows, T, height]. */
    INDArray ofInputs(INDArray inputs) {
        return view(
                inputs, new long[] {fromRow, 0, top}, new long[] {toRow, inputs.size(1), bottom});
    }

    /** A view of what belongs to the rectangle's columns // [N, T, p] to [rows, T, width]. */
    INDArray ofDeltas(INDArray deltas) {
        return view(
                deltas, new long[] {fromRow, 0, left}, new long[] {toRow, deltas.size(1), right});
    }

    /** A part of any array: ND4J's own way may fail where the array is such a part itself. */
    static INDArray view(INDArray array, long[] from, long[] to) {
        long[] shape = new long[from.length];
        long offset = array.offset();
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = to[axis] - from[axis];
            offset += from[axis] * array.stride(axis);
        }
        return Nd4j.create(array.data(), shape, array.stride(), offset, array.ordering());
    }
}
