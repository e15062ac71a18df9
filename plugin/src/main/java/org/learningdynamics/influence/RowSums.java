package org.learningdynamics.influence;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums in float64, and results for the Java side. */
final class RowSums {
    private RowSums() {}

    /** Values in the order of 'c'. */
    static double[] doubles(INDArray array) {
        try (INDArray copy = array.dup('c')) {
            return copy.data().asDouble();
        }
    }

    /** Whether no value is NaN or infinite. */
    static boolean isFinite(INDArray array) {
        return Double.isFinite(over(array, allOf(array.rank()))[0]);
    }

    private static int[] allOf(int rank) {
        int[] dimensions = new int[rank];
        Arrays.setAll(dimensions, i -> i);
        return dimensions;
    }

    /** A copy in float64. */
    static INDArray exact(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? array.dup('c') : array.castTo(DataType.DOUBLE);
    }

    /** Sums over some dimensions in float64, in the order of 'c'. */
    static double[] over(INDArray array, int... dimensions) {
        try (INDArray exact = exact(array);
                INDArray sum = exact.sum(dimensions)) {
            return doubles(sum);
        }
    }

    /** Sums over the positions of each row // [N·T] to [N]. */
    static double[] of(INDArray values, int rows) {
        double[] all = doubles(values);
        int positions = all.length / rows;
        double[] sums = new double[rows];
        for (int i = 0; i < all.length; i++) {
            sums[i / positions] += all[i];
        }
        return sums;
    }
}
