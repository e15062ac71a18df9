package org.learningdynamics.loss;

import java.util.List;
import org.learningdynamics.measure.ResponseScores;

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
    static double[] ofBatch(PairwiseLoss loss, ResponseScores batch) {
        List<PairScores> pairs = PairScores.of(batch);
        double[] rows = new double[batch.rows()];
        for (int i = 0; i < pairs.size(); i++) {
            PairCoefficients pair = loss.coefficients(pairs.get(i));
            rows[i] = pair.chosen() / pairs.size();
            rows[i + pairs.size()] = pair.rejected() / pairs.size();
        }
        return rows;
    }
}
