package org.learningdynamics.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.learningdynamics.measure.HostExp;
import org.learningdynamics.measure.HostRows;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.ScalarOp;

/**
 * {@code y = x · s} with the share {@code s = h · (erf(c·x) + 1)}, the exact GELU for {@code h =
 * 1/2} and {@code c = √½}. Its gradient is one op:
 *
 * <pre>{@code
 * ∂x = ∂y · (s + x · h · c · 2/√π · exp(−c²x²))
 * }</pre>
 *
 * @param half h
 * @param scale c
 */
record ErfGate(float half, float scale) {
    /** From ∂y, x and s, which the forward pass has made; one pass over memory. */
    static final class GradientOp extends JavaOp {
        private final ErfGate gate;

        GradientOp(ErfGate gate) {
            super("java_erf_gate_gradient");
            this.gate = gate;
        }

        @Override
        void compute(List<INDArray> inputs, List<INDArray> outputs) {
            HostRows.run(inputs.get(0).length(), this::kernel, inputs, outputs);
        }

        private HostRows.Kernel kernel() {
            HostExp exp = new HostExp();
            float[] bell = new float[HostRows.CHUNK];
            return (in, out, count) -> {
                gate.exponents(in[1], bell, count);
                exp.apply(bell, 0, count);
                gate.slopes(in, bell, out[0], count);
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

    private void exponents(float[] x, float[] e, int count) {
        float factor = -scale * scale;
        for (int i = 0; i < count; i++) {
            e[i] = factor * x[i] * x[i];
        }
    }

    private void slopes(float[][] in, float[] bell, float[] dx, int count) {
        float[] dy = in[0];
        float[] x = in[1];
        float[] share = in[2];
        float height = (float) (half * scale * 2 / Math.sqrt(Math.PI));
        for (int i = 0; i < count; i++) {
            dx[i] = dy[i] * (share[i] + x[i] * height * bell[i]);
        }
    }

    /** Replaces the gradient of such a product, if the op is one. */
    static void fuse(GradientOps ops, SameDiffOp op) {
        for (int side = 0; op.getOp().opName().equals("multiply") && side < 2; side++) {
            String x = op.getInputsToOp().get(side);
            Optional<SameDiffOp> share =
                    ops.makerOf(op.getInputsToOp().get(1 - side), "mul_scalar");
            Optional<SameDiffOp> sum = share.flatMap(half -> input(ops, half, "add_scalar"));
            Optional<SameDiffOp> erf = sum.flatMap(add -> input(ops, add, "erf"));
            Optional<SameDiffOp> scaled =
                    erf.flatMap(error -> input(ops, error, "mul_scalar"))
                            .filter(scale -> scale.getInputsToOp().get(0).equals(x));
            if (scaled.isPresent() && scalar(sum.orElseThrow()) == 1 && FusedOps.fits(ops, op)) {
                List<SameDiffOp> inner =
                        List.of(
                                share.orElseThrow(),
                                sum.orElseThrow(),
                                erf.orElseThrow(),
                                scaled.get());
                replace(ops, op, x, inner);
                return;
            }
        }
    }

    private static void replace(GradientOps ops, SameDiffOp op, String x, List<SameDiffOp> inner) {
        Set<String> names = new HashSet<>(Set.of(op.getName()));
        inner.forEach(one -> names.add(one.getName()));
        boolean isClosed =
                ops.isReadOnlyBy(x, names)
                        && inner.stream().allMatch(one -> ops.isReadOnlyBy(output(one), names));
        Optional<String> above = ops.gradientOf(output(op));
        Optional<SameDiffOp> sum =
                ops.gradientOf(x)
                        .flatMap(gradient -> ops.makerOf(gradient, "add"))
                        .filter(one -> !ops.isForward(one));
        if (isClosed && above.isPresent() && sum.isPresent()) {
            ErfGate gate = new ErfGate(scalar(inner.get(0)), scalar(inner.get(3)));
            List<String> inputs = List.of(above.get(), x, output(inner.get(0)));
            ops.replace(sum.get(), new GradientOp(gate), inputs, List.of(output(sum.get())));
        }
    }

    private static Optional<SameDiffOp> input(GradientOps ops, SameDiffOp op, String opName) {
        return ops.makerOf(op.getInputsToOp().get(0), opName);
    }

    private static String output(SameDiffOp op) {
        return op.getOutputsOfOp().get(0);
    }

    private static float scalar(SameDiffOp op) {
        return ((ScalarOp) op.getOp()).scalar().getFloat(0);
    }
}
