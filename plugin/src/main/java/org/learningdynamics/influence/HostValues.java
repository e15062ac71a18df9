package org.learningdynamics.influence;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of a float32 or float64 array on the host, for short loops that cost less here than
 * calls of native operations do. The only place of the package that touches an array's memory.
 * Places count from the array's first element, views included.
 */
final class HostValues {
    private static final int CHUNK = 256;

    private final INDArray array; // keeps the memory alive
    private final Indexer indexer;

    private HostValues(INDArray array) {
        this.array = array;
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        indexer = array.data().indexer();
    }

    static HostValues of(INDArray array) {
        switch (array.dataType()) {
            case FLOAT, DOUBLE -> {}
            default ->
                    throw new IllegalArgumentException(
                            "gradients must be FLOAT or DOUBLE, got " + array.dataType());
        }
        return new HostValues(array);
    }

    /** Adds values that are a stride apart to as many that are next to each other. */
    void add(long place, HostValues other, long from, long stride, long count) {
        if (indexer instanceof FloatIndexer sums) {
            FloatIndexer terms = (FloatIndexer) other.indexer;
            for (long i = 0; i < count; i++) {
                sums.put(place + i, sums.get(place + i) + terms.get(from + i * stride));
            }
        } else {
            DoubleIndexer sums = (DoubleIndexer) indexer;
            DoubleIndexer terms = (DoubleIndexer) other.indexer;
            for (long i = 0; i < count; i++) {
                sums.put(place + i, sums.get(place + i) + terms.get(from + i * stride));
            }
        }
    }

    /** Must be called after the last change. */
    void written() {
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    }

    /** Adds consecutive values to sums in float64. */
    void addTo(double[] sums, long from) {
        if (indexer instanceof FloatIndexer floats) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += floats.get(from + i);
            }
        } else {
            DoubleIndexer doubles = (DoubleIndexer) indexer;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += doubles.get(from + i);
            }
        }
    }

    /** The vectors of {@code [N, T, d]}. */
    Positions positions() {
        long[] stride = array.stride();
        return new Positions(
                indexer, array.size(0), array.size(2), stride[0], stride[1], stride[2]);
    }

    /** Vectors of each row at one position after the other. */
    record Positions(Indexer values, long rows, long size, long rowStride, long stride, long step) {
        /** Whether in each row this or the other is zero at a position. */
        boolean addNothing(Positions other, long position) {
            for (long row = 0; row < rows; row++) {
                if (!isZero(row, position) && !other.isZero(row, position)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isZero(long row, long position) {
            long first = row * rowStride + position * stride;
            return values instanceof FloatIndexer floats
                    ? isZero(floats, first)
                    : isZero((DoubleIndexer) values, first);
        }

        private boolean isZero(FloatIndexer floats, long first) {
            if (step == 1) {
                return isZeroThroughout(floats, first);
            }
            for (long i = first; i < first + size * step; i += step) {
                if (floats.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Some values at a time, without a branch between them. */
        private boolean isZeroThroughout(FloatIndexer floats, long first) {
            float[] some = new float[(int) Math.min(size, CHUNK)];
            for (long from = 0; from < size; from += some.length) {
                int count = (int) Math.min(some.length, size - from);
                new FloatPointer(floats.pointer()).getPointer(first + from).get(some, 0, count);
                int bits = 0;
                for (int i = 0; i < count; i++) {
                    bits |= Float.floatToRawIntBits(some[i]) << 1; // -0 is zero too
                }
                if (bits != 0) {
                    return false;
                }
            }
            return true;
        }

        private boolean isZero(DoubleIndexer doubles, long first) {
            for (long i = first; i < first + size * step; i += step) {
                if (doubles.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
