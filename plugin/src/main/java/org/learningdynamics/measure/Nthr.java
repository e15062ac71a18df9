package org.learningdynamics.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which tokens of a rejected response hurt correct ones when they are pushed down (negative token
 * hidden reward).
 *
 * <p>With {@code M⁺ = Σ_k (e_y − π)_k·h_kᵀ} over the tokens of the positive responses, the score of
 * a token t is {@code s_t = (e_y − π)_tᵀ·M⁺·h_t = Σ_k K_tk}, {@link HeadRows#kernel} summed over
 * positive tokens: to first order in the head's weights, by how much raising t raises the
 * positives. Tokens with {@code s_t > τ = β·min_i mean_k s⁺_ik} (i over positive responses, k over
 * their tokens) are named harmful. Source: Deng et al., On the Effect of Negative Gradient in Group
 * Relative Deep Reinforcement Optimization (2025).
 *
 * @param scores s_t of each token of the negative response // [L]
 * @param threshold τ
 */
public record Nthr(double[] scores, double threshold) {
    /** β where none is given. */
    public static final double DEFAULT_BETA = 1;

    /**
     * Copies the scores.
     *
     * @param scores of each token // [L]
     * @param threshold τ
     */
    public Nthr {
        scores = scores.clone();
    }

    /**
     * Scores the tokens of a response. Cost: L⁺·(L⁺ + L)·(V + d), L⁺ being the tokens of all
     * positive responses.
     *
     * @param positives at least one response that is to stay likely
     * @param negative the response whose tokens are pushed down
     * @param beta β &gt; 0, strictness
     * @return scores and threshold
     * @throws IllegalArgumentException if there is no positive response or beta is not above 0
     */
    public static Nthr of(List<HeadRows> positives, HeadRows negative, double beta) {
        if (positives.isEmpty()) {
            throw new IllegalArgumentException("positives must hold at least one response, got 0");
        }
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta must be > 0, got " + beta);
        }
        double least =
                positives.stream()
                        .mapToDouble(p -> Arrays.stream(against(positives, p)).average().orElse(0))
                        .min()
                        .orElseThrow();
        return new Nthr(against(positives, negative), beta * least);
    }

    private static double[] against(List<HeadRows> positives, HeadRows response) {
        double[] scores = new double[response.tokens()];
        for (HeadRows positive : positives) {
            double[][] kernel = response.kernel(positive);
            Arrays.setAll(scores, t -> scores[t] + Arrays.stream(kernel[t]).sum());
        }
        return scores;
    }

    /**
     * The tokens whose negative gradient hurts.
     *
     * @return positions within the response, ascending
     */
    public List<Integer> harmful() {
        List<Integer> harmful = new ArrayList<>();
        for (int t = 0; t < scores.length; t++) {
            if (scores[t] > threshold) {
                harmful.add(t);
            }
        }
        return List.copyOf(harmful);
    }

    /**
     * Scores of the tokens.
     *
     * @return a copy // [L]
     */
    @Override
    public double[] scores() {
        return scores.clone();
    }
}
