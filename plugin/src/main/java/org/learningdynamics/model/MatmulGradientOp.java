package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostProducts;
import org.learningdynamics.measure.HostProducts.Factor;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.MmulBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradients of a {@link MatmulOp} at both factors, from A, B and ∂C: {@code ∂op(A) = ∂C·op(B)ᵀ}
 * and {@code ∂op(B) = op(A)ᵀ·∂C}.
 */
final class MatmulGradientOp extends JavaOp {
    private final boolean isLeftTransposed;
    private final boolean isRightTransposed;

    MatmulGradientOp(boolean isLeftTransposed, boolean isRightTransposed) {
        super("java_matmul_gradient");
        this.isLeftTransposed = isLeftTransposed;
        this.isRightTransposed = isRightTransposed;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray a = inputs.get(0);
        INDArray b = inputs.get(1);
        INDArray above = inputs.get(2);
        if (HostProducts.fit(a, b, above)) {
            left(new Factor(b, !isRightTransposed), above, outputs.get(0));
            right(new Factor(a, !isLeftTransposed), above, outputs.get(1));
        } else {
            MMulTranspose how =
                    MMulTranspose.builder()
                            .transposeA(isLeftTransposed)
                            .transposeB(isRightTransposed)
                            .build();
            Nd4j.exec(new MmulBp(a, b, above, outputs.get(0), outputs.get(1), how));
        }
    }

    /** With {@code op(A) = Aᵀ}, {@code ∂A = op(B)·∂Cᵀ}. */
    private void left(Factor b, INDArray above, INDArray target) {
        if (isLeftTransposed) {
            Factor plain = new Factor(b.array(), !b.isTransposed());
            HostProducts.multiply(plain, Factor.transposed(above), target, false);
        } else {
            HostProducts.multiply(Factor.of(above), b, target, false);
        }
    }

    /** With {@code op(B) = Bᵀ}, {@code ∂B = ∂Cᵀ·op(A)}. */
    private void right(Factor a, INDArray above, INDArray target) {
        if (isRightTransposed) {
            Factor plain = new Factor(a.array(), !a.isTransposed());
            HostProducts.multiply(Factor.transposed(above), plain, target, false);
        } else {
            HostProducts.multiply(a, Factor.of(above), target, false);
        }
    }

    @Override
    public int getNumOutputs() {
        return 2;
    }

    @Override
    List<long[]> shapes(List<INDArray> inputs) {
        return List.of(inputs.get(0).shape(), inputs.get(1).shape());
    }
}
