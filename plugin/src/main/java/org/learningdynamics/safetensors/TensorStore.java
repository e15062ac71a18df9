package org.learningdynamics.safetensors;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Named tensors that are read when asked for. Reading copies a bounded block at a time, so it takes
 * no memory beyond the array that is filled. Several threads may read at once.
 */
public interface TensorStore extends Closeable {
    /**
     * Names, types and shapes; no values are read.
     *
     * @return tensors by name, in the order of the files
     */
    Map<String, TensorInfo> tensors();

    /**
     * Reads one tensor. Half, bfloat16 and single values keep their value exactly (subnormals,
     * infinities and NaN included), doubles are rounded to nearest if singles are asked for, beyond
     * their range to infinity.
     *
     * @param name one of {@link #tensors()}
     * @param type FLOAT or DOUBLE
     * @return a new array in row order, of the tensor's shape
     * @throws IllegalArgumentException if there is no such tensor or the type is another one
     * @throws SafetensorsException if the tensor holds no floating-point numbers, or the file has
     *     shrunk since it was opened
     * @throws IOException if it cannot be read
     */
    INDArray read(String name, DataType type) throws IOException;

    /**
     * Reads one tensor into an array, or a view of one, of equal length: the tensor's values in row
     * order become the array's values in row order. A transposed or permuted view as target hence
     * transposes or permutes without a second copy.
     *
     * @param name one of {@link #tensors()}
     * @param target FLOAT or DOUBLE, as long as the tensor
     * @throws IllegalArgumentException if there is no such tensor, or the target has another length
     *     or type
     * @throws SafetensorsException if the tensor holds no floating-point numbers, or the file has
     *     shrunk since it was opened
     * @throws IOException if it cannot be read
     */
    void readInto(String name, INDArray target) throws IOException;
}
