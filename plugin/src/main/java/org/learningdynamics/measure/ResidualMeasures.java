package org.learningdynamics.measure;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a loss pulls on each row of a batch, read off its gradient at the logits.
 *
 * <pre>{@code
 * G_t = ∂ℓ/∂z_t                    residual of position t, zero where nothing is learnt
 * gNorm = ‖G‖_F                    over the positions of the row
 * aNorm = sqrt(V·q + V − 2)        with q the mean of ‖π_t‖² over positions with G_t ≠ 0
 * c_t = (σ·max|G_t| + ⟨G_t, π_t⟩) / (1 − ‖π_t‖²)   with σ the sign of the largest |G_t|
 * }</pre>
 *
 * <p>For every loss that is a function of log-probabilities of labels, {@code G_t = −c_t·(π_t −
 * e_y)}: its largest entry is {@code c_t·(1 − π_t(y))}, that of the label, and {@code ⟨G_t, π_t⟩ =
 * c_t·(π_t(y) − ‖π_t‖²)}, so that c_t is the token's coefficient {@code ∂ℓ/∂log π_t(y_t)}. For
 * other losses, such as smoothed labels, it is a number of that size. With two classes both labels
 * explain the residual, and c is NaN. A NaN among the logits or residuals of a row makes its values
 * NaN. Computed in float64. Cost: eight passes over {@code [N·T, V]} and four arrays of that size.
 * Source: Ren and Sutherland, ICLR 2025, Prop. 1.
 *
 * @param tokens number of positions with a residual // [N]
 * @param coefficients mean of c_t over those positions, 0 if there is none // [N]
 * @param aNorms ‖A‖_F, 0 if there is no such position // [N]
 * @param gNorms ‖G‖_F // [N]
 */
public record ResidualMeasures(
        int[] tokens, double[] coefficients, double[] aNorms, double[] gNorms) {
    /**
     * Measures every row.
     *
     * @param logits row-major over row and position // [N·T, V]
     * @param residuals gradient of the loss at them // [N·T, V]
     * @param rows N
     * @return the measures
     * @throws IllegalArgumentException if the shapes differ or do not hold N rows
     */
    public static ResidualMeasures of(INDArray logits, INDArray residuals, int rows) {
        if (!Arrays.equals(logits.shape(), residuals.shape()) || logits.size(0) % rows != 0) {
            throw new IllegalArgumentException(
                    "logits and residuals must be [N*T, V] of "
                            + rows
                            + " rows, got "
                            + Arrays.toString(logits.shape())
                            + " and "
                            + Arrays.toString(residuals.shape()));
        }
        return new Positions(logits, residuals).byRow(rows);
    }

    /** What is known of each position. */
    private static final class Positions {
        private final int classes;
        private final double[] residualNorms;
        private final double[] piNorms;
        private final double[] products; // ⟨G, π⟩
        private final double[] largest; // max G
        private final double[] smallest; // min G

        Positions(INDArray logits, INDArray residuals) {
            classes = (int) logits.size(1);
            try (INDArray z = exact(logits);
                    INDArray g = exact(residuals);
                    INDArray max = z.max(true, 1);
                    INDArray shifted = z.subi(max);
                    INDArray pi = Nd4j.nn().softmax(shifted, 1)) {
                residualNorms = doubles(g.norm2(1));
                largest = doubles(g.max(1));
                smallest = doubles(g.min(1));
                piNorms = doubles(pi.norm2(1));
                products = doubles(g.muli(pi).sum(1));
            }
        }

        private static INDArray exact(INDArray array) {
            return array.dataType() == DataType.DOUBLE
                    ? array.dup('c')
                    : array.castTo(DataType.DOUBLE);
        }

        private static double[] doubles(INDArray vector) {
            try (vector;
                    INDArray copy = vector.dup('c')) {
                return copy.data().asDouble();
            }
        }

        ResidualMeasures byRow(int rows) {
            int positions = residualNorms.length / rows;
            int[] tokens = new int[rows];
            double[] coefficients = new double[rows];
            double[] aNorms = new double[rows];
            double[] gNorms = new double[rows];
            for (int i = 0; i < residualNorms.length; i++) {
                double norm = residualNorms[i];
                if (norm != 0) {
                    int row = i / positions;
                    tokens[row]++;
                    coefficients[row] += coefficient(i);
                    aNorms[row] += piNorms[i] * piNorms[i];
                    gNorms[row] += norm * norm;
                }
            }
            for (int row = 0; row < rows; row++) {
                gNorms[row] = Math.sqrt(gNorms[row]);
                if (tokens[row] > 0) {
                    coefficients[row] /= tokens[row];
                    aNorms[row] = Math.sqrt(classes * (aNorms[row] / tokens[row]) + classes - 2);
                }
            }
            return new ResidualMeasures(tokens, coefficients, aNorms, gNorms);
        }

        private double coefficient(int i) {
            if (classes < 3) {
                return Double.NaN;
            }
            boolean up = largest[i] >= -smallest[i];
            double top = up ? largest[i] : smallest[i];
            return (top + products[i]) / (1 - piNorms[i] * piNorms[i]);
        }
    }
}
