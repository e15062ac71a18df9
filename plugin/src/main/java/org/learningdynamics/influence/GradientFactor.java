package org.learningdynamics.influence;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of each of N rows with respect to one parameter {@code [d, p]}, or one of several
 * terms of it, in the form in which backpropagation finds it.
 *
 * <p>A factor owns its arrays and frees them when closed; views are freed with what they are views
 * of.
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
     * Writes gradients over what is there, or adds them to it.
     *
     * @param block which part of them
     * @param target in the order of 'c' // [block's rows, height, width]
     * @param adds true to add
     */
    void write(GradientBlock block, INDArray target, boolean adds);

    /**
     * Inner product of each row's gradient with one matrix.
     *
     * @param matrix any // [d, p]
     * @return one value a row, sums over positions in float64 // [N]
     */
    double[] along(INDArray matrix);

    /**
     * Type of the gradients.
     *
     * @return float32 or float64
     */
    DataType type();

    /**
     * What it is made of.
     *
     * @return arrays, or views of arrays that other factors may share
     */
    List<INDArray> arrays();

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
