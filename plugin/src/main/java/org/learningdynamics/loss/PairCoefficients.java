package org.learningdynamics.loss;

import java.util.List;
import java.util.function.Function;

/**
 * How the loss of one pair pulls on its two responses.
 *
 * @param chosen c⁺ = ∂ℓ/∂s⁺; negative pulls the chosen response up
 * @param rejected c⁻ = ∂ℓ/∂s⁻; positive pushes the rejected response down
 */
public record PairCoefficients(double chosen, double rejected) {
    /** For losses of the margin d alone, where c⁻ = −c⁺. */
    static PairCoefficients ofMargin(double derivative) {
        return new PairCoefficients(derivative, -derivative);
    }

    /** Coefficients of every row of a batch, whose loss is the mean over pairs. */
    static double[] ofBatch(
            List<PairScores> pairs, Function<PairScores, PairCoefficients> coefficients) {
        int size = pairs.size();
        double[] rows = new double[2 * size];
        for (int i = 0; i < size; i++) {
            PairCoefficients pair = coefficients.apply(pairs.get(i));
            rows[i] = pair.chosen() / size;
            rows[i + size] = pair.rejected() / size;
        }
        return rows;
    }
}
