package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
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
            long step, Probes probes, ToIntFunction<ProbeBatch> positions, GradientView view) {
        double[] now = gram(probes, positions, view);
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
    private double[] gram(Probes probes, ToIntFunction<ProbeBatch> positions, GradientView view) {
        List<Part> parts = parts(probes, positions);
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

    private static List<Part> parts(Probes probes, ToIntFunction<ProbeBatch> positions) {
        List<Part> parts = new ArrayList<>();
        int rows = 0;
        for (ProbeBatch batch : probes.batches()) {
            for (ProbeBatch.Reading reading : batch.readings()) {
                if (rows < MAX_ROWS) {
                    parts.add(new Part(batch, reading.labels().at(positions.applyAsInt(batch))));
                    rows += batch.rows();
                }
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
    private record Part(ProbeBatch batch, int[][] labels) {
        RowPass observe(GradientView view) {
            return view.observe(batch.input(), labels);
        }
    }
}
