package org.learningdynamics.measure;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Centred hidden embedding similarity of a pair of responses, which predicts how much preference
 * tuning on it displaces likelihood: the larger, the more the chosen response falls too.
 *
 * <p>{@code CHES = ⟨Σ_k h⁺_k, Σ_l h⁻_l⟩ − ‖Σ_k h⁺_k‖²}; {@code ln-CHES = ⟨Σ h⁺, Σ h⁻⟩/(L⁺L⁻) − ‖Σ
 * h⁺‖²/L⁺²}, h being last hidden states at the positions that predict the response's tokens; {@code
 * CHES-α = Σ_kl K⁺⁻_kl − Σ_kl K⁺⁺_kl} with the head's kernel {@link HeadRows#kernel}, that is
 * {@code ⟨∇_W log π(y⁺), ∇_W log π(y⁻)⟩ − ‖∇_W log π(y⁺)‖²}.
 *
 * <p>CHES and ln-CHES are in squared units of h, CHES-α in those of a gradient product. NaN where a
 * state is. Computed in float64. Cost: (L⁺ + L⁻)·d, and with the kernel L⁺·(L⁺ + L⁻)·(V + d).
 * Source: Razin et al., Unintentional Unalignment: Likelihood Displacement in Direct Preference
 * Optimization (2024).
 *
 * @param ches CHES
 * @param lengthNormalised ln-CHES
 * @param alpha CHES-α
 */
public record Ches(double ches, double lengthNormalised, double alpha) {
    /**
     * Scores a pair of responses to one prompt.
     *
     * @param chosen y⁺
     * @param rejected y⁻, under the same model
     * @return the scores
     * @throws IllegalArgumentException if the widths differ
     */
    public static Ches of(HeadRows chosen, HeadRows rejected) {
        if (chosen.hidden().size(1) != rejected.hidden().size(1)) {
            throw new IllegalArgumentException(
                    "chosen and rejected must have hidden states of one width, got "
                            + chosen.hidden().size(1)
                            + " and "
                            + rejected.hidden().size(1));
        }
        double[] plus = sum(chosen.hidden());
        double[] minus = sum(rejected.hidden());
        double cross = dot(plus, minus);
        double own = dot(plus, plus);
        double positives = chosen.tokens();
        double negatives = rejected.tokens();
        return new Ches(
                cross - own,
                cross / (positives * negatives) - own / (positives * positives),
                total(chosen.kernel(rejected)) - total(chosen.kernel(chosen)));
    }

    private static double[] sum(INDArray states) {
        double[] sum = new double[(int) states.size(1)];
        for (double[] row : states.toDoubleMatrix()) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double total(double[][] kernel) {
        double sum = 0;
        for (double[] row : kernel) {
            for (double value : row) {
                sum += value;
            }
        }
        return sum;
    }
}
