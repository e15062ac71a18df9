package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;

/**
 * A {@link Norm} whose means and gain go through matrix products, as {@code lm} writes it: {@code c
 * · (rsqrt(c²·m + ε)·g)} with m a column of 1/d, and c either x or {@code x − (x·m)·1}. One op
 * forward, one for the gradient at x and one for that of the gain.
 */
final class NormFusion {
    private static final String MULTIPLY = "multiply";
    private static final double ROUNDING = 1e-6;

    private final GradientOps ops;

    NormFusion(GradientOps ops) {
        this.ops = ops;
    }

    /** What a norm is made of; readers are those of its ops that read x. */
    private record Found(Norm norm, String x, String gain, Set<String> all, Set<String> readers) {}

    void fuse(SameDiffOp op) {
        if (!op.getOp().opName().equals(MULTIPLY) || !FusedOps.fits(ops, op)) {
            return;
        }
        Optional<Found> found = find(op);
        if (found.isEmpty()) {
            return;
        }
        Norm norm = found.get().norm();
        String x = found.get().x();
        SameDiffOp gains = ops.makerOf(op.getInputsToOp().get(1)).orElseThrow();
        SameDiffOp root = ops.makerOf(gains.getInputsToOp().get(0)).orElseThrow();
        ops.gradientOf(output(op)).ifPresent(above -> replaceGradient(op, found.get(), above));
        ops.gradientOf(output(op))
                .ifPresent(above -> replaceGainGradients(op, gains, found.get(), above));
        ops.replace(root, new RootOp(norm), List.of(x), List.of(output(root)));
        List<String> inputs = List.of(x, found.get().gain());
        ops.replace(op, new NormOp(norm), inputs, List.of(output(op)));
    }

    /** Gradients at {@code r·g}, [rows, d], and at g. What else those ops make stays. */
    private void replaceGainGradients(SameDiffOp op, SameDiffOp gains, Found found, String above) {
        if (!ops.isReadOnlyBy(output(gains), names(op))) {
            return;
        }
        List<String> inputs = List.of(above, found.x());
        Optional<String> wide = ops.gradientOf(output(gains));
        wide.flatMap(gradient -> backward(gradient, "multiply_bp", op))
                .ifPresent(
                        product -> {
                            HalfProducts.keepFirst(ops, product);
                            ops.add(
                                    product,
                                    wide.get(),
                                    new CentredProductOp(found.norm()),
                                    inputs);
                        });
        Optional<String> narrow = ops.gradientOf(found.gain());
        narrow.flatMap(gradient -> backward(gradient, "matmul_bp", gains))
                .ifPresent(
                        product -> {
                            HalfProducts.keepLeft(ops, product);
                            ops.add(
                                    product,
                                    narrow.get(),
                                    new GainGradientOp(found.norm()),
                                    inputs);
                        });
    }

    /** The op that makes the gradient at the second factor of a product alone. */
    private Optional<SameDiffOp> backward(String gradient, String opName, SameDiffOp product) {
        return ops.makerOf(gradient, opName)
                .filter(op -> op.getOutputsOfOp().size() == 2)
                .filter(op -> op.getOutputsOfOp().get(1).equals(gradient))
                .filter(op -> op.getInputsToOp().subList(0, 2).equals(product.getInputsToOp()));
    }

    /** In the sum that x's gradient is, the op's own terms follow each other. */
    private void replaceGradient(SameDiffOp op, Found found, String above) {
        if (!isClosed(op, found)) {
            return;
        }
        Set<String> own = terms(found);
        int count = found.norm().isLayer() ? 2 : 3;
        Optional<SameDiffOp> sum = ops.gradientOf(found.x()).flatMap(this::sum);
        while (sum.isPresent()) {
            List<String> inputs = new ArrayList<>(List.of(above, found.x(), found.gain()));
            if (isSum(sum.get()) && count(sum.get(), own, inputs) == count) {
                List<String> outputs = sum.get().getOutputsOfOp();
                ops.replace(sum.get(), new NormGradientOp(found.norm()), inputs, outputs);
                return;
            }
            List<String> terms = sum.get().getInputsToOp();
            sum = sum(isSum(sum.get()) ? terms.get(0) : terms.get(terms.size() - 1));
        }
    }

    /** The sum that a gradient is, be it with another norm's terms. */
    private Optional<SameDiffOp> sum(String gradient) {
        return ops.makerOf(gradient)
                .filter(
                        op ->
                                isSum(op)
                                        || (op.getOp() instanceof NormGradientOp
                                                && op.getInputsToOp().size() > 3));
    }

    /** What the ops that read x give back to it. */
    private Set<String> terms(Found found) {
        Set<String> terms = new HashSet<>();
        for (String reader : found.readers()) {
            ops.gradientOf(output(ops.byName(reader))).stream()
                    .flatMap(gradient -> ops.opsReading(gradient).stream())
                    .filter(backward -> !ops.isForward(backward))
                    .forEach(backward -> terms.addAll(backward.getOutputsOfOp()));
        }
        return terms;
    }

    /** How many of a sum's last terms are among some; what is left of it joins the rest. */
    private int count(SameDiffOp sum, Set<String> terms, List<String> rest) {
        int count = 0;
        String left = output(sum);
        Optional<SameDiffOp> next = Optional.of(sum);
        while (next.isPresent() && terms.contains(next.get().getInputsToOp().get(1))) {
            count++;
            left = next.get().getInputsToOp().get(0);
            next = ops.makerOf(left).filter(this::isSum);
        }
        if (terms.contains(left)) {
            return count + 1;
        }
        rest.add(left);
        return count;
    }

    private boolean isSum(SameDiffOp op) {
        return !ops.isForward(op)
                && op.getOp().opName().equals("add")
                && op.getInputsToOp().size() == 2;
    }

    /** Whether everything that flows back to x through the norm comes from its output. */
    private boolean isClosed(SameDiffOp op, Found found) {
        return found.all().stream()
                .map(ops::byName)
                .filter(inner -> !inner.getName().equals(op.getName()))
                .allMatch(inner -> ops.isReadOnlyBy(output(inner), found.all()));
    }

    private Optional<Found> find(SameDiffOp op) {
        String centred = op.getInputsToOp().get(0);
        Optional<SameDiffOp> gains = product(op.getInputsToOp().get(1));
        Optional<SameDiffOp> root = gains.flatMap(product -> maker(product, 0, "rsqrt"));
        Optional<SameDiffOp> sum = root.flatMap(rsqrt -> maker(rsqrt, 0, "add_scalar"));
        Optional<SameDiffOp> mean = sum.flatMap(add -> product(add.getInputsToOp().get(0)));
        Optional<SameDiffOp> square =
                mean.flatMap(product -> maker(product, 0, MULTIPLY))
                        .filter(all -> all.getInputsToOp().equals(List.of(centred, centred)));
        if (square.isEmpty()) {
            return Optional.empty();
        }
        SameDiffOp last = mean.orElseThrow();
        String averaging = last.getInputsToOp().get(1);
        String gain = gains.orElseThrow().getInputsToOp().get(1);
        long[] shape = ops.shapeOf(gain);
        if (shape.length != 2 || shape[0] != 1 || !isFilled(averaging, 1.0 / shape[1], shape[1])) {
            return Optional.empty();
        }
        double epsilon = ((ScalarOp) sum.orElseThrow().getOp()).scalar().getDouble(0);
        Set<String> inner = names(op, gains.orElseThrow(), root.orElseThrow(), sum.orElseThrow());
        inner.addAll(names(last, square.get()));
        return layer(centred, averaging, shape[1])
                .map(means -> layerNorm(means, epsilon, gain, inner))
                .or(() -> Optional.of(rootMeanSquare(op, square.get(), epsilon, gain, inner)));
    }

    private static Found rootMeanSquare(
            SameDiffOp op, SameDiffOp square, double epsilon, String gain, Set<String> inner) {
        String x = op.getInputsToOp().get(0);
        return new Found(new Norm(false, epsilon), x, gain, inner, names(op, square));
    }

    private static Found layerNorm(
            List<SameDiffOp> means, double epsilon, String gain, Set<String> inner) {
        for (SameDiffOp op : means) {
            inner.add(op.getName());
        }
        String x = means.get(0).getInputsToOp().get(0);
        Set<String> readers = names(means.get(0), means.get(2));
        return new Found(new Norm(true, epsilon), x, gain, inner, readers);
    }

    /** The ops of {@code x − (x·m)·1}, first to last. */
    private Optional<List<SameDiffOp>> layer(String centred, String averaging, long length) {
        Optional<SameDiffOp> difference = ops.makerOf(centred, "subtract");
        Optional<SameDiffOp> repeated =
                difference
                        .flatMap(op -> product(op.getInputsToOp().get(1)))
                        .filter(op -> isFilled(op.getInputsToOp().get(1), 1, length));
        Optional<SameDiffOp> mean =
                repeated.flatMap(op -> product(op.getInputsToOp().get(0)))
                        .filter(op -> op.getInputsToOp().get(1).equals(averaging));
        return mean.filter(
                        op ->
                                op.getInputsToOp()
                                        .get(0)
                                        .equals(difference.orElseThrow().getInputsToOp().get(0)))
                .map(op -> List.of(op, repeated.orElseThrow(), difference.orElseThrow()));
    }

    /** A plain product of two matrices. */
    private Optional<SameDiffOp> product(String variable) {
        return ops.makerOf(variable, "matmul")
                .filter(
                        op ->
                                Arrays.stream(((DynamicCustomOp) op.getOp()).iArgs())
                                        .allMatch(flag -> flag == 0));
    }

    private Optional<SameDiffOp> maker(SameDiffOp op, int position, String opName) {
        return ops.makerOf(op.getInputsToOp().get(position), opName);
    }

    /** Whether a constant of a length holds one value. */
    private boolean isFilled(String variable, double value, long length) {
        return ops.constant(variable)
                .filter(array -> array.length() == length)
                .filter(array -> array.sub(value).amaxNumber().doubleValue() <= ROUNDING * value)
                .isPresent();
    }

    private static String output(SameDiffOp op) {
        return op.getOutputsOfOp().get(0);
    }

    private static Set<String> names(SameDiffOp... some) {
        Set<String> names = new HashSet<>();
        for (SameDiffOp op : some) {
            names.add(op.getName());
        }
        return names;
    }
}
