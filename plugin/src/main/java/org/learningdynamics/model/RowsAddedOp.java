package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A table with rows added at their places: {@code y[i_k] = x[i_k] + r_k}, one after the other, from
 * the table [n, …], indices below n and rows [indices, …]. In place it costs no more than the rows
 * do.
 */
final class RowsAddedOp extends JavaOp {
    RowsAddedOp() {
        super("java_rows_added");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray table = outputs.get(0);
        if (table != inputs.get(0)) {
            table.assign(inputs.get(0));
        }
        try (INDArray places = inputs.get(1).dup('c').castTo(DataType.INT32)) {
            HostRows.add(table, places.data().asInt(), inputs.get(2));
        }
    }

    @Override
    boolean worksInPlace() {
        return true;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }
}
