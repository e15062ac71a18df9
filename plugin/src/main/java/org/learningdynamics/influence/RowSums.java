package org.learningdynamics.influence;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums over the positions of each row. */
final class RowSums {
    private RowSums() {}

    /** Of one value a position, row by row // [N·T] to [N]. */
    static double[] of(INDArray values, int rows) {
        double[] all = values.data().asDouble();
        int positions = all.length / rows;
        double[] sums = new double[rows];
        for (int i = 0; i < all.length; i++) {
            sums[i / positions] += all[i];
        }
        return sums;
    }
}
