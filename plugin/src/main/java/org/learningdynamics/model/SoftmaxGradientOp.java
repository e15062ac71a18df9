package org.learningdynamics.model;

import java.util.List;
import org.learningdynamics.measure.HostRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code ∂z = π · (∂π − Σ π·∂π)} from π and ∂π, so that no exponential is computed a second time.
 */
final class SoftmaxGradientOp extends JavaOp {
    private final int dimension;

    SoftmaxGradientOp(int dimension) {
        super("java_softmax_gradient");
        this.dimension = dimension;
    }

    @Override
    void compute(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray probabilities = inputs.get(0);
        if (SoftmaxOp.isLast(dimension, probabilities)) {
            int length = Math.toIntExact(probabilities.size(-1));
            HostRows.run(probabilities.length() / length, () -> kernel(length), inputs, outputs);
        } else {
            along(probabilities, inputs.get(1), outputs.get(0));
        }
    }

    private void along(INDArray probabilities, INDArray gradient, INDArray target) {
        try (INDArray shares = probabilities.mul(gradient);
                INDArray sum = shares.sum(true, dimension);
                INDArray all = probabilities.mul(sum)) {
            target.assign(shares.subi(all));
        }
    }

    private static HostRows.Kernel kernel(int length) {
        return (in, out, rows) -> {
            for (int row = 0; row < rows; row++) {
                row(in[0], in[1], out[0], row * length, length);
            }
        };
    }

    private static void row(float[] p, float[] dp, float[] dz, int from, int length) {
        float mean = (float) SoftmaxRows.product(p, dp, from, length);
        for (int i = from; i < from + length; i++) {
            dz[i] = p[i] * (dp[i] - mean);
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
