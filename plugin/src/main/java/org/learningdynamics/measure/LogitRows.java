package org.learningdynamics.measure;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Read access to the logits of single positions, for any order, stride or view of a float32 or
 * float64 array. The only place of the package that touches an array's memory. {@link #read} may be
 * called by several threads at once.
 */
final class LogitRows {
    private static final int PART = 1024;

    private final INDArray array; // keeps the memory alive
    private final Indexer indexer; // starts at the array's first element, views included
    private final long rowStride;
    private final long positionStride;
    private final long classStride;
    private final int classes;

    private LogitRows(INDArray array, long rowStride, long positionStride) {
        int last = array.rank() - 1;
        this.array = array;
        this.rowStride = rowStride;
        this.positionStride = positionStride;
        this.classStride = array.stride()[last];
        this.classes = Math.toIntExact(array.size(last));
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        this.indexer = array.data().indexer();
    }

    /** Logits [rows, length, V]. */
    static LogitRows ofRank3(INDArray logits) {
        check(logits, 3);
        return new LogitRows(logits, logits.stride()[0], logits.stride()[1]);
    }

    /** Logits [rows·length, V], the positions of a row next to each other. */
    static LogitRows ofRank2(INDArray logits, int length) {
        check(logits, 2);
        long stride = logits.stride()[0];
        return new LogitRows(logits, length * stride, stride);
    }

    private static void check(INDArray logits, int rank) {
        if (logits.rank() != rank || logits.isEmpty()) {
            throw new IllegalArgumentException(
                    "logits must be a non-empty array of rank "
                            + rank
                            + ", got shape "
                            + Arrays.toString(logits.shape()));
        }
        if (logits.wasClosed()) {
            throw new IllegalArgumentException("logits must be open, got a closed array");
        }
        switch (logits.dataType()) {
            case FLOAT, DOUBLE -> {}
            default ->
                    throw new IllegalArgumentException(
                            "logits must be FLOAT or DOUBLE, got " + logits.dataType());
        }
    }

    /** Number V of classes. */
    int classes() {
        return classes;
    }

    /** Copies the logits of one position into {@code target} [V]. */
    void read(int row, int position, double[] target) {
        long start = row * rowStride + position * positionStride;
        if (array.wasClosed()) {
            throw new IllegalStateException("logits were closed while they were measured");
        }
        if (indexer instanceof FloatIndexer floats) {
            read(floats, start, target);
        } else {
            DoubleIndexer doubles = (DoubleIndexer) indexer;
            for (int v = 0; v < classes; v++) {
                target[v] = doubles.get(start + v * classStride);
            }
        }
    }

    private void read(FloatIndexer floats, long start, double[] target) {
        if (classStride != 1 || !(floats.pointer() instanceof FloatPointer memory)) {
            for (int v = 0; v < classes; v++) {
                target[v] = floats.get(start + v * classStride);
            }
            return;
        }
        FloatBuffer buffer = new FloatPointer(memory).getPointer(start).limit(classes).asBuffer();
        float[] part = new float[Math.min(PART, classes)];
        for (int from = 0; from < classes; from += PART) {
            int count = Math.min(PART, classes - from);
            buffer.get(from, part, 0, count);
            for (int i = 0; i < count; i++) {
                target[from + i] = part[i];
            }
        }
    }
}
