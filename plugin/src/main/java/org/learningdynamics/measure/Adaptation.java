package org.learningdynamics.measure;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a network's outputs {@code a} (features or logits) moved between two moments, measured along
 * where they were: {@code dot = mean_i ⟨a_i, a_i' − a_i⟩} and {@code cosine = mean_i ⟨a_i, a_i' −
 * a_i⟩ / max(‖a_i‖·‖a_i' − a_i‖, 1e-6)}, with a before, a' after and i over examples.
 *
 * <p>A positive value says that outputs grow in the direction they already have, a negative one
 * that they turn or shrink. The floor of the cosine makes an output that did not move count as 0.
 *
 * <p>Source: Ren &amp; Sutherland, Learning Dynamics of LLM Finetuning (ICLR 2025), section 3 and
 * its published notebook.
 *
 * @param dot mean inner product, in squared units of a
 * @param cosine mean cosine, in [−1, 1]
 */
public record Adaptation(double dot, double cosine) {
    /** The least product of lengths that a cosine is divided by. */
    public static final double COSINE_FLOOR = 1e-6;

    /**
     * Compares the outputs of the same examples at two moments. Computed in float64; a NaN output
     * makes both NaN. Cost: N·D, and copies of both arrays.
     *
     * @param before outputs, examples along the first dimension // [N, …]
     * @param after outputs of the same examples // [N, …]
     * @return the adaptation
     * @throws IllegalArgumentException if the shapes differ, or there is no example
     */
    public static Adaptation between(INDArray before, INDArray after) {
        boolean empty = before.isEmpty() || before.rank() < 2;
        if (empty || !Arrays.equals(before.shape(), after.shape())) {
            throw new IllegalArgumentException(
                    "before and after must have the same shape [N, ...] with N >= 1, got "
                            + Arrays.toString(before.shape())
                            + " and "
                            + Arrays.toString(after.shape()));
        }
        double[][] from = rows(before);
        double[][] to = rows(after);
        double dots = 0;
        double cosines = 0;
        for (int i = 0; i < from.length; i++) {
            double dot = along(from[i], to[i]);
            dots += dot;
            cosines += dot / Math.max(length(from[i]) * distance(from[i], to[i]), COSINE_FLOOR);
        }
        return new Adaptation(dots / from.length, cosines / from.length);
    }

    private static double[][] rows(INDArray array) {
        long examples = array.size(0);
        return array.reshape(examples, array.length() / examples).toDoubleMatrix();
    }

    private static double along(double[] from, double[] to) {
        double sum = 0;
        for (int k = 0; k < from.length; k++) {
            sum += from[k] * (to[k] - from[k]);
        }
        return sum;
    }

    private static double distance(double[] from, double[] to) {
        double sum = 0;
        for (int k = 0; k < from.length; k++) {
            sum += (to[k] - from[k]) * (to[k] - from[k]);
        }
        return Math.sqrt(sum);
    }

    private static double length(double[] from) {
        double sum = 0;
        for (double value : from) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
