package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code c · ∂y} of a {@link Norm} from ∂y and x, the gradient at {@code r·g} // [n, d]. */
final class CentredProductOp extends JavaOp {
    private final Norm norm;

    CentredProductOp(Norm norm) {
        super("java_centred_product");
        this.norm = norm;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        int length = Math.toIntExact(inputs.get(1).size(1));
        HostRows.run(inputs.get(1).size(0), () -> kernel(length), inputs, outputs);
    }

    private HostRows.Kernel kernel(int length) {
        float[] row = new float[length];
        return (in, out, rows) -> {
            for (int from = 0; from < rows * length; from += length) {
                System.arraycopy(in[1], from, row, 0, length);
                norm.subtractMean(row, row, length);
                for (int j = 0; j < length; j++) {
                    out[0][from + j] = in[0][from + j] * row[j];
                }
            }
        };
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
