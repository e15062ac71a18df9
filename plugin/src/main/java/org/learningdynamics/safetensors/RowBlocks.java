package org.learningdynamics.safetensors;

import java.io.IOException;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts an array, or any view of one, into views of bounded size, in row order. */
final class RowBlocks {
    static final int MAX_VALUES = 1 << 18;

    private RowBlocks() {}

    /** What is done with a block: a view of up to {@link #MAX_VALUES} values, rank at least 1. */
    @FunctionalInterface
    interface Action {
        void accept(INDArray block) throws IOException;
    }

    static void forEach(INDArray array, Action action) throws IOException {
        if (array.isEmpty()) {
            return;
        }
        if (array.rank() == 0) {
            action.accept(array.reshape(1));
        } else {
            cut(array, action);
        }
    }

    private static void cut(INDArray array, Action action) throws IOException {
        if (array.length() <= MAX_VALUES) {
            action.accept(array);
            return;
        }
        long count = array.size(0);
        long step = MAX_VALUES / (array.length() / count);
        for (long from = 0; from < count; from += Math.max(step, 1)) {
            if (step == 0) {
                cut(array.slice(from), action);
            } else {
                action.accept(rows(array, from, Math.min(from + step, count)));
            }
        }
    }

    private static INDArray rows(INDArray array, long from, long to) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(from, to);
        return array.get(indices);
    }
}
