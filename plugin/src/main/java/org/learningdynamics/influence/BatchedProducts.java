package org.learningdynamics.influence;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products into results that are allocated here, in the order the kernel is fast for. */
final class BatchedProducts {
    private BatchedProducts() {}

    /** {@code aᵀ·b} for each row // [N, T, d], [N, T, p] to [N, d, p]. */
    static INDArray transposedLeft(INDArray a, INDArray b) {
        INDArray result =
                Nd4j.createUninitialized(
                        a.dataType(), new long[] {a.size(0), a.size(2), b.size(2)}, 'c');
        MMulTranspose left =
                MMulTranspose.builder()
                        .transposeA(true)
                        .transposeB(false)
                        .transposeResult(false)
                        .build();
        Nd4j.exec(new Mmul(a, b, result, left));
        return result;
    }

    /** {@code a·b} // [m, k], [k, n] to [m, n]. */
    static INDArray product(INDArray a, INDArray b) {
        INDArray result =
                Nd4j.createUninitialized(a.dataType(), new long[] {a.size(0), b.size(1)}, 'c');
        Nd4j.exec(new Mmul(a, b, result, MMulTranspose.allFalse()));
        return result;
    }

    /** {@code a·bᵀ} // [m, k], [n, k] to [m, n]. */
    static INDArray transposedRight(INDArray a, INDArray b) {
        INDArray result =
                Nd4j.createUninitialized(a.dataType(), new long[] {a.size(0), b.size(0)}, 'c');
        MMulTranspose right =
                MMulTranspose.builder()
                        .transposeA(false)
                        .transposeB(true)
                        .transposeResult(false)
                        .build();
        Nd4j.exec(new Mmul(a, b, result, right));
        return result;
    }

    /** {@code a·bᵀ} for each row // [N, T, k], [N, S, k] to [N, T, S]. */
    static INDArray eachTransposedRight(INDArray a, INDArray b) {
        INDArray result =
                Nd4j.createUninitialized(
                        a.dataType(), new long[] {a.size(0), a.size(1), b.size(1)}, 'c');
        MMulTranspose right =
                MMulTranspose.builder()
                        .transposeA(false)
                        .transposeB(true)
                        .transposeResult(false)
                        .build();
        Nd4j.exec(new Mmul(a, b, result, right));
        return result;
    }
}
