package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.measure.HostProducts;
import org.learningdynamics.measure.HostProducts.Factor;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code C = op(A)·op(B)} for each of the leading axes, from A […, m, k] and B […, k, n] or their
 * transposes; by direct calls of BLAS. Vectors are left to ND4J.
 */
final class MatmulOp extends JavaOp {
    private final boolean isLeftTransposed;
    private final boolean isRightTransposed;

    MatmulOp(boolean isLeftTransposed, boolean isRightTransposed) {
        super("java_matmul");
        this.isLeftTransposed = isLeftTransposed;
        this.isRightTransposed = isRightTransposed;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray a = inputs.get(0);
        INDArray b = inputs.get(1);
        INDArray c = outputs.get(0);
        if (HostProducts.fit(a, b, c)) {
            HostProducts.multiply(
                    new Factor(a, isLeftTransposed), new Factor(b, isRightTransposed), c, false);
        } else {
            MMulTranspose how =
                    MMulTranspose.builder()
                            .transposeA(isLeftTransposed)
                            .transposeB(isRightTransposed)
                            .build();
            Nd4j.exec(new Mmul(a, b, c, how));
        }
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        long[] a = inputs.get(0).shape();
        long[] b = inputs.get(1).shape();
        int axes = a.length - 2; // leading ones
        if (axes < 0 || b.length != a.length || !Arrays.equals(a, 0, axes, b, 0, axes)) {
            Mmul product =
                    new Mmul(
                            inputs.get(0),
                            inputs.get(1),
                            isLeftTransposed,
                            isRightTransposed,
                            false);
            return List.of(product.calculateOutputShape().get(0).getShape());
        }
        long[] shape = a.clone();
        shape[axes] = a[isLeftTransposed ? axes + 1 : axes];
        shape[axes + 1] = b[isRightTransposed ? axes : axes + 1];
        return List.of(shape);
    }
}
