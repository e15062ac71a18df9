package org.learningdynamics.model;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Products of matrices in row-major order, whatever the order of the factors. */
final class MatrixProducts {
    private static final MMulTranspose RIGHT =
            MMulTranspose.builder()
                    .transposeA(false)
                    .transposeB(true)
                    .transposeResult(false)
                    .build();

    private MatrixProducts() {}

    /** {@code a·b} // [m, k], [k, n] to [m, n]. */
    static INDArray of(INDArray a, INDArray b) {
        return into(a, b, MMulTranspose.allFalse(), b.size(1));
    }

    /** {@code a·bᵀ} // [m, k], [n, k] to [m, n]. */
    static INDArray transposedRight(INDArray a, INDArray b) {
        return into(a, b, RIGHT, b.size(0));
    }

    private static INDArray into(INDArray a, INDArray b, MMulTranspose how, long columns) {
        INDArray result =
                Nd4j.createUninitialized(a.dataType(), new long[] {a.size(0), columns}, 'c');
        Nd4j.exec(new Mmul(a, b, result, how));
        return result;
    }
}
