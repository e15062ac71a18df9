package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient of a {@link LookupOp} at its table: {@code ∂x[i] = Σ_k ∂y_k} over all k with {@code
 * i_k = i}, in the order of k, from the table, of which only the shape [n, d] is read, the integers
 * […] and ∂y […, d].
 */
final class LookupGradientOp extends JavaOp {
    LookupGradientOp() {
        super("java_lookup_gradient");
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        int[] places = LookupOp.places(inputs.get(1));
        HostCopies.sums(inputs.get(2), places, outputs.get(0));
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape());
    }
}
