package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.recording.KernelRow;

/**
 * How far the probes' kernel has moved: alignment {@code ⟨H_t, H_0⟩_F / (‖H_t‖_F·‖H_0‖_F)} of the
 * Gram matrix {@code H = ⟨∇log π(y_o), ∇log π(y_o')⟩} of the first batches of probe rows with what
 * it was when it was first measured. 1 says that the kernel only grew or shrank.
 */
final class KernelDrift {
    /** Rows that are taken, whole batches. */
    static final int MAX_ROWS = 256;

    private final long memoryBytes;
    private double @Nullable [] first;

    KernelDrift(long memoryBytes) {
        this.memoryBytes = memoryBytes;
    }

    List<KernelRow> measure(
            long step,
            List<ObservedRows> observed,
            Function<ObservedRows, int[][]> labels,
            GradientView view) {
        double[] now = gram(observed, labels, view);
        double[] before = first;
        if (before == null) {
            before = now;
            first = now;
        }
        double alignment = dot(now, before) / Math.sqrt(dot(now, now) * dot(before, before));
        return List.of(
                new KernelRow(step, "alignment", KernelRow.NONE, "", KernelRow.NONE, alignment, 0));
    }

    /** Every pair once, products of two batches after each other. */
    private double[] gram(
            List<ObservedRows> observed,
            Function<ObservedRows, int[][]> labels,
            GradientView view) {
        List<Part> parts = parts(observed, labels);
        List<Double> products = new ArrayList<>();
        for (int left = 0; left < parts.size(); left++) {
            RowPass pass = parts.get(left).observe(view);
            pass.logits().close();
            try (GradientInteractions side =
                    new GradientInteractions(
                            pass.gradients(), 1, Map.of(), InfluenceForm.DOT, memoryBytes)) {
                addAll(side.learntGram(), 1, products);
                for (int right = left + 1; right < parts.size(); right++) {
                    try (RowPass other = parts.get(right).observe(view)) {
                        addAll(side.with(other.gradients()).total(), 2, products);
                    }
                }
            }
        }
        return products.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Products that stand for themselves and their mirror images weigh √2 each. */
    private static void addAll(double[][] matrix, int times, List<Double> products) {
        for (double[] row : matrix) {
            for (double value : row) {
                products.add(Math.sqrt(times) * value);
            }
        }
    }

    private static List<Part> parts(
            List<ObservedRows> observed, Function<ObservedRows, int[][]> labels) {
        List<Part> parts = new ArrayList<>();
        int rows = 0;
        for (ObservedRows some : observed) {
            if (rows < MAX_ROWS) {
                parts.add(new Part(some, labels.apply(some)));
                rows += some.rows();
            }
        }
        return parts;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Rows that go through the model together. */
    private record Part(ObservedRows rows, int[][] labels) {
        RowPass observe(GradientView view) {
            return view.observe(rows.input(), labels);
        }
    }
}
