package org.learningdynamics.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * {@code x∘c + (x·R)∘s} with a constant R that only moves columns and multiplies each by a number,
 * as rotary positions are written: one op forward and one backward.
 */
final class RotaryFusion {
    private static final String MULTIPLY = "multiply";

    private final GradientOps ops;

    RotaryFusion(GradientOps ops) {
        this.ops = ops;
    }

    /** What rows are turned by, and the ops that do it. */
    private record Found(
            Rotation rotation,
            SameDiffOp direct,
            SameDiffOp across,
            SameDiffOp product,
            String x,
            String cos,
            String sin) {
        Set<String> readers() {
            return Set.of(direct.getName(), product.getName());
        }
    }

    void fuse(SameDiffOp op) {
        if (op.getOp().opName().equals("add")
                && op.getInputsToOp().size() == 2
                && FusedOps.fits(ops, op)) {
            find(op).ifPresent(found -> replace(op, found));
        }
    }

    private void replace(SameDiffOp op, Found found) {
        if (isClosed(op, found)) {
            replaceGradient(op, found);
        }
        List<String> inputs = List.of(found.x(), found.cos(), found.sin());
        ops.replace(op, new RotaryOp(found.rotation()), inputs, op.getOutputsOfOp());
    }

    /** Whether everything that x's gradient is made of goes through the sum. */
    private boolean isClosed(SameDiffOp sum, Found found) {
        return ops.isReadOnlyBy(found.x(), found.readers())
                && ops.isReadOnlyBy(output(found.product()), Set.of(found.across().getName()))
                && ops.isReadOnlyBy(output(found.direct()), Set.of(sum.getName()))
                && ops.isReadOnlyBy(output(found.across()), Set.of(sum.getName()));
    }

    private void replaceGradient(SameDiffOp sum, Found found) {
        Optional<String> above = ops.gradientOf(output(sum));
        Optional<SameDiffOp> maker =
                ops.gradientOf(found.x())
                        .flatMap(ops::makerOf)
                        .filter(op -> op.getOutputsOfOp().size() == 1 && !ops.isForward(op));
        if (above.isPresent() && maker.isPresent()) {
            ops.replace(
                    maker.get(),
                    new RotaryGradientOp(found.rotation()),
                    List.of(above.get(), found.cos(), found.sin(), found.x()),
                    maker.get().getOutputsOfOp());
        }
    }

    private Optional<Found> find(SameDiffOp sum) {
        for (int side = 0; side < 2; side++) {
            Optional<SameDiffOp> direct = ops.makerOf(input(sum, side), MULTIPLY);
            Optional<SameDiffOp> across = ops.makerOf(input(sum, 1 - side), MULTIPLY);
            Optional<Found> found =
                    direct.flatMap(first -> across.flatMap(second -> find(first, second)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> find(SameDiffOp direct, SameDiffOp across) {
        for (int side = 0; side < 2; side++) {
            Optional<SameDiffOp> product = ops.makerOf(input(across, side), "matmul");
            Optional<Rotation> rotation = product.flatMap(this::rotation);
            if (rotation.isPresent()) {
                String x = input(product.orElseThrow(), 0);
                int place = direct.getInputsToOp().indexOf(x);
                return place < 0
                        ? Optional.empty()
                        : Optional.of(
                                new Found(
                                        rotation.get(),
                                        direct,
                                        across,
                                        product.get(),
                                        x,
                                        input(direct, 1 - place),
                                        input(across, 1 - side)));
            }
        }
        return Optional.empty();
    }

    /** What a plain product multiplies by from the right. */
    private Optional<Rotation> rotation(SameDiffOp product) {
        long[] flags = ((DynamicCustomOp) product.getOp()).iArgs();
        return ops.constant(input(product, 1))
                .filter(matrix -> matrix.rank() == 2 && matrix.size(0) == matrix.size(1))
                .filter(matrix -> Arrays.stream(flags).allMatch(flag -> flag == 0))
                .flatMap(Rotation::of);
    }

    private static String input(SameDiffOp op, int position) {
        return op.getInputsToOp().get(position);
    }

    private static String output(SameDiffOp op) {
        return op.getOutputsOfOp().get(0);
    }
}
