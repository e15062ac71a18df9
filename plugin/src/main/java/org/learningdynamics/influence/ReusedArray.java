package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Native memory for one array after the other, each written over the last: fresh memory and new
 * views cost more than small products do. It grows when a larger array is asked for, and then the
 * earlier ones are void.
 */
final class ReusedArray implements AutoCloseable {
    private final Map<List<Long>, INDArray> views = new HashMap<>();
    private @Nullable INDArray memory;

    /** An array of any values, in the order of 'c'. */
    INDArray shaped(DataType type, long... shape) {
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        reserve(type, length);
        return view(0, shape, Nd4j.getStrides(shape, 'c'));
    }

    /** The same memory, seen otherwise; no more of it than was asked for before. */
    INDArray view(long offset, long[] shape, long[] strides) {
        List<Long> key = new ArrayList<>(List.of(offset));
        Arrays.stream(shape).forEach(key::add);
        Arrays.stream(strides).forEach(key::add);
        return views.computeIfAbsent(key, k -> at(offset, shape, strides));
    }

    private INDArray at(long offset, long[] shape, long[] strides) {
        return Nd4j.create(memory().data(), shape, strides, offset, 'c');
    }

    private INDArray memory() {
        INDArray all = memory;
        if (all == null) {
            throw new IllegalStateException("memory must be asked for before views of it");
        }
        return all;
    }

    private void reserve(DataType type, long length) {
        INDArray all = memory;
        if (all == null || all.dataType() != type || all.length() < length) {
            close();
            memory = Nd4j.createUninitialized(type, length);
        }
    }

    /** Bytes that are held. */
    long bytes() {
        INDArray all = memory;
        return all == null ? 0 : all.length() * all.dataType().width();
    }

    @Override
    public void close() {
        views.clear();
        INDArray all = memory;
        if (all != null) {
            all.close();
            memory = null;
        }
    }
}
