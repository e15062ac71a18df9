package org.learningdynamics.model;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sequences as matrices with a row for each position, positions before rows of the batch. */
final class Columns {
    private Columns() {}

    /** {@code [N, n, T]} or {@code [N, T, n]} to {@code [T·N, n]}; matrices stay. */
    static INDArray fromSequence(INDArray array, RNNFormat format) {
        if (array.rank() == 2) {
            return array;
        }
        INDArray timeFirst =
                format == RNNFormat.NWC ? array.permute(1, 0, 2) : array.permute(2, 0, 1);
        return timeFirst
                .dup('c')
                .reshape('c', timeFirst.size(0) * timeFirst.size(1), timeFirst.size(2));
    }

    /** Back, as a view // [T·N, n] to [N, n, T] or [N, T, n]. */
    static INDArray toSequence(INDArray columns, long rows, RNNFormat format) {
        INDArray timeFirst = columns.reshape('c', columns.size(0) / rows, rows, columns.size(1));
        return format == RNNFormat.NWC ? timeFirst.permute(1, 0, 2) : timeFirst.permute(1, 2, 0);
    }

    /** Multiplies by a mask of rows or of single values, as the host does. */
    static void mask(INDArray columns, @Nullable INDArray mask) {
        if (mask == null) {
            return;
        }
        INDArray typed = mask.castTo(columns.dataType());
        if (Arrays.equals(typed.shape(), columns.shape())) {
            columns.muli(typed);
        } else if (typed.length() == columns.size(0)) {
            columns.muliColumnVector(typed.reshape('c', typed.length(), 1));
        } else {
            throw new IllegalStateException(
                    "mask must have a value for each of "
                            + columns.size(0)
                            + " positions, got shape "
                            + Arrays.toString(mask.shape()));
        }
    }
}
