package org.learningdynamics.influence;

import org.learningdynamics.measure.HostProducts;
import org.learningdynamics.measure.HostProducts.Factor;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products into results in the order the kernel is fast for. */
final class BatchedProducts {
    private static final MMulTranspose LEFT = transposing(true, false);
    private static final MMulTranspose RIGHT = transposing(false, true);

    private BatchedProducts() {}

    private static MMulTranspose transposing(boolean left, boolean right) {
        return MMulTranspose.builder()
                .transposeA(left)
                .transposeB(right)
                .transposeResult(false)
                .build();
    }

    /**
     * {@code aᵀ·b} for each row, over or onto what is there // [N, T, d], [N, T, p] to [N, d, p].
     */
    static void transposedLeft(INDArray a, INDArray b, INDArray result, boolean adds) {
        if (HostProducts.fit(a, b, result)) {
            HostProducts.multiply(Factor.transposed(a), Factor.of(b), result, adds);
        } else {
            Nd4j.exec(new Mmul(a, b, result, 1, adds ? 1 : 0, LEFT));
        }
    }

    /** {@code a·bᵀ} for each row over what is there // [N, T, k], [N, S, k] to [N, T, S]. */
    static void transposedRight(INDArray a, INDArray b, INDArray result) {
        if (HostProducts.fit(a, b, result)) {
            HostProducts.multiply(Factor.of(a), Factor.transposed(b), result, false);
        } else {
            Nd4j.exec(new Mmul(a, b, result, RIGHT));
        }
    }

    /** {@code a·b} // [m, k], [k, n] to [m, n]. */
    static INDArray product(INDArray a, INDArray b) {
        return into(a, b, MMulTranspose.allFalse(), a.size(0), b.size(1));
    }

    /** {@code a·bᵀ} // [m, k], [n, k] to [m, n]. */
    static INDArray transposedRight(INDArray a, INDArray b) {
        return into(a, b, RIGHT, a.size(0), b.size(0));
    }

    /** {@code a·bᵀ} for each row // [N, T, k], [N, S, k] to [N, T, S]. */
    static INDArray eachTransposedRight(INDArray a, INDArray b) {
        return into(a, b, RIGHT, a.size(0), a.size(1), b.size(1));
    }

    private static INDArray into(INDArray a, INDArray b, MMulTranspose how, long... shape) {
        INDArray result = Nd4j.createUninitialized(a.dataType(), shape, 'c');
        Nd4j.exec(new Mmul(a, b, result, how));
        return result;
    }
}
