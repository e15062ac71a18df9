package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a table, {@code y_k = x[i_k]}, from the table [n, d] and integers of any shape […], to
 * […, d]. An integer outside {@code [0, n)} gives a row of zeros, as the product of a one-hot row
 * and the table does.
 */
final class LookupOp extends JavaOp {
    LookupOp() {
        super("java_lookup");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        HostCopies.rows(inputs.get(0), places(inputs.get(1)), outputs.get(0));
    }

    /** The integers in c order. */
    static int[] places(INDArray integers) {
        try (INDArray places = integers.dup('c')) {
            return places.data().asInt();
        }
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        long[] places = inputs.get(1).shape();
        long[] shape = Arrays.copyOf(places, places.length + 1);
        shape[places.length] = inputs.get(0).size(1);
        return List.of(shape);
    }
}
