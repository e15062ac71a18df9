package org.learningdynamics.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/**
 * {@code x · σ(u)} written as ops, with u = x, u = c·x or {@code u = x · (c·x² + l)}, and ND4J's
 * gelu: one op forward and one backward.
 */
final class GateFusion {
    private static final String MULTIPLY = "multiply";
    private static final float LEAST_SLOPE = 0.1f; // below, a gate is not closed where it ends

    private final GradientOps ops;

    GateFusion(GradientOps ops) {
        this.ops = ops;
    }

    /** A gate and the ops it is written in. */
    private record Found(Gate gate, String input, Set<String> ops) {}

    void fuse(SameDiffOp op) {
        if (FusedOps.fits(ops, op)) {
            find(op).ifPresent(found -> replace(op, found));
        }
    }

    private void replace(SameDiffOp op, Found found) {
        String output = op.getOutputsOfOp().get(0);
        if (isClosed(output, found)) {
            replaceGradient(output, found);
        }
        ops.replace(op, new GateOp(found.gate()), List.of(found.input()), List.of(output));
    }

    /** Whether everything that the input's gradient is made of goes through the output. */
    private boolean isClosed(String output, Found found) {
        return ops.isReadOnlyBy(found.input(), found.ops())
                && found.ops().stream()
                        .map(ops::byName)
                        .map(op -> op.getOutputsOfOp().get(0))
                        .filter(inner -> !inner.equals(output))
                        .allMatch(inner -> ops.isReadOnlyBy(inner, found.ops()));
    }

    private void replaceGradient(String output, Found found) {
        Optional<String> above = ops.gradientOf(output);
        Optional<SameDiffOp> maker = ops.gradientOf(found.input()).flatMap(ops::makerOf);
        if (above.isPresent()
                && maker.isPresent()
                && maker.get().getOutputsOfOp().size() == 1
                && !ops.isForward(maker.get())) {
            ops.replace(
                    maker.get(),
                    new GateGradientOp(found.gate()),
                    List.of(found.input(), above.get()),
                    maker.get().getOutputsOfOp());
        }
    }

    private Optional<Found> find(SameDiffOp op) {
        List<String> inputs = op.getInputsToOp();
        String name = op.getOp().opName();
        if (name.equals("gelu")) {
            return Optional.of(new Found(Gate.GELU, inputs.get(0), Set.of(op.getName())));
        }
        for (int side = 0; name.equals(MULTIPLY) && side < 2; side++) {
            String x = inputs.get(side);
            Optional<SameDiffOp> sigmoid = ops.makerOf(inputs.get(1 - side), "sigmoid");
            if (sigmoid.isPresent()) {
                Optional<Found> found = argument(sigmoid.get().getInputsToOp().get(0), x);
                found.ifPresent(gate -> gate.ops().add(sigmoid.get().getName()));
                found.ifPresent(gate -> gate.ops().add(op.getName()));
                return found;
            }
        }
        return Optional.empty();
    }

    /** The gate whose σ has this argument. */
    private Optional<Found> argument(String u, String x) {
        if (u.equals(x)) {
            return Optional.of(new Found(Gate.SILU, x, new HashSet<>()));
        }
        Optional<SameDiffOp> scaled = ops.makerOf(u, "mul_scalar").filter(op -> reads(op, 0, x));
        if (scaled.isPresent()) {
            return gate(scalar(scaled.get()), 0, x, scaled.get());
        }
        Optional<SameDiffOp> product = ops.makerOf(u, MULTIPLY);
        for (int side = 0; product.isPresent() && side < 2; side++) {
            if (reads(product.get(), side, x)) {
                return cubic(product.get(), product.get().getInputsToOp().get(1 - side), x);
            }
        }
        return Optional.empty();
    }

    /** {@code slope = c·(x·x) + l}. */
    private Optional<Found> cubic(SameDiffOp product, String slope, String x) {
        Optional<SameDiffOp> sum = ops.makerOf(slope, "add_scalar");
        Optional<SameDiffOp> scaled = sum.flatMap(op -> input(op, "mul_scalar"));
        Optional<SameDiffOp> square =
                scaled.flatMap(op -> input(op, MULTIPLY))
                        .filter(op -> reads(op, 0, x) && reads(op, 1, x));
        return square.isEmpty()
                ? Optional.empty()
                : gate(
                        scalar(sum.orElseThrow()),
                        scalar(scaled.orElseThrow()),
                        x,
                        product,
                        sum.orElseThrow(),
                        scaled.orElseThrow(),
                        square.orElseThrow());
    }

    private static Optional<Found> gate(
            float linear, float cubic, String x, SameDiffOp... written) {
        if (!(linear >= LEAST_SLOPE) || !(cubic >= 0)) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        for (SameDiffOp op : written) {
            names.add(op.getName());
        }
        return Optional.of(new Found(new Gate(linear, cubic), x, names));
    }

    private Optional<SameDiffOp> input(SameDiffOp op, String opName) {
        return ops.makerOf(op.getInputsToOp().get(0), opName);
    }

    private static boolean reads(SameDiffOp op, int position, String variable) {
        return op.getInputsToOp().get(position).equals(variable);
    }

    private static float scalar(SameDiffOp op) {
        return ((ScalarOp) op.getOp()).scalar().getFloat(0);
    }
}
