package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.OuterProducts;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Collects the gradients of N rows while a pass goes back through a network.
 *
 * <p>Inside the host the positions of a row lie apart: axis 0 has k·N entries, of which those with
 * the same remainder by N are of one row. So it is with sequences that are brought into two
 * dimensions (time, then batch) and with stacked batches.
 */
final class RowFactors implements AutoCloseable {
    private final int rows;
    private final Map<String, Collected> collected = new LinkedHashMap<>();

    private record Collected(ParameterMatrix parameter, List<GradientFactor> factors) {}

    RowFactors(int rows) {
        this.rows = rows;
    }

    int rows() {
        return rows;
    }

    void add(ParameterMatrix parameter, GradientFactor factor) {
        collected
                .computeIfAbsent(
                        parameter.name(), name -> new Collected(parameter, new ArrayList<>()))
                .factors()
                .add(factor);
    }

    /** Gradients of a linear map // [k·N, …, d] and [k·N, …, p]. */
    void addOuter(ParameterMatrix parameter, INDArray inputs, INDArray deltas) {
        add(parameter, new OuterProducts(grouped(inputs), grouped(deltas)));
    }

    /** Gradients of what is added at every position // [k·N, …, p]. */
    void addSums(ParameterMatrix parameter, INDArray deltas) {
        INDArray apart = byRow(deltas);
        boolean alone = apart.size(1) * apart.size(2) == 1;
        INDArray sums = alone ? apart : apart.sum(1, 2);
        INDArray own = owned(apart.dataType(), rows, 1, parameter.columns());
        own.reshape('c', rows, parameter.columns())
                .assign(sums.reshape('c', rows, parameter.columns()));
        add(parameter, new WholeGradients(own));
    }

    /** Brings the positions of each row together; the copy is the caller's // to [N, T, d]. */
    INDArray grouped(INDArray array) {
        INDArray apart = byRow(array);
        INDArray own = owned(apart.dataType(), rows, apart.size(1) * apart.size(2), apart.size(3));
        own.reshape('c', apart.shape()).assign(apart);
        return own;
    }

    /** An array of its own: one that was reshaped could not be freed. */
    private static INDArray owned(DataType type, long... shape) {
        return PassWorkspace.outside(() -> Nd4j.createUninitialized(type, shape, 'c'));
    }

    /** {@code [k·N, …, d]} to {@code [N, k, …, d]}, a view where memory allows it. */
    private INDArray byRow(INDArray array) {
        long first = array.size(0);
        if (first % rows != 0) {
            throw new IllegalStateException(
                    "a layer must work on each of "
                            + rows
                            + " rows by itself, got shape "
                            + Arrays.toString(array.shape()));
        }
        long features = array.size(array.rank() - 1);
        long positions = array.length() / first / features;
        INDArray apart = array.reshape('c', first / rows, rows, positions, features);
        return apart.permute(1, 0, 2, 3);
    }

    /** Gives away what was collected. */
    RowGradients gradients() {
        List<FactoredGradient> all =
                collected.values().stream()
                        .map(each -> new FactoredGradient(each.parameter(), each.factors()))
                        .toList();
        collected.clear();
        return new RowGradients(rows, all);
    }

    /** Frees what was collected and not given away. */
    @Override
    public void close() {
        collected.values().forEach(each -> each.factors().forEach(GradientFactor::close));
    }
}
