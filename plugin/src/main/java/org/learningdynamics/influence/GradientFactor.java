package org.learningdynamics.influence;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of each of N rows with respect to one parameter {@code [d, p]}, or one of several
 * terms of it, in the form in which backpropagation finds it.
 *
 * <p>A factor owns its arrays and frees them when closed.
 */
public sealed interface GradientFactor extends AutoCloseable
        permits OuterProducts, TokenLookups, WholeGradients {
    /**
     * Number of rows.
     *
     * @return N
     */
    int rows();

    /**
     * The gradients themselves, of some columns.
     *
     * @param parameter the parameter's extents
     * @param from first column
     * @param to column after the last
     * @return a new array // [N, d, to − from]
     */
    INDArray gradients(ParameterMatrix parameter, long from, long to);

    /**
     * Some rows alone.
     *
     * @param fromRow first row
     * @param toRow row after the last
     * @return a factor that shares the arrays of this one and must not be closed
     */
    GradientFactor part(int fromRow, int toRow);

    /**
     * Inner product of each row's gradient with one matrix.
     *
     * @param matrix any // [d, p]
     * @return one value a row, sums over positions in float64 // [N]
     */
    double[] along(INDArray matrix);

    /**
     * Size of one value of the gradients.
     *
     * @return bytes, 4 or 8
     */
    int bytesPerValue();

    /**
     * Size of what is held.
     *
     * @return bytes of its arrays
     */
    long bytes();

    /**
     * Whether nothing is NaN or infinite.
     *
     * @return false if any value is
     */
    boolean isFinite();

    /** Frees the arrays. */
    @Override
    void close();
}
