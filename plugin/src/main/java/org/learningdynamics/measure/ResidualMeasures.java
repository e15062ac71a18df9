package org.learningdynamics.measure;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a loss pulls on each row of a batch, read off its gradient at the logits.
 *
 * <pre>{@code
 * G_t = ∂ℓ/∂z_t                    residual of position t, zero where nothing is learnt
 * gNorm = ‖G‖_F                    over the positions of the row
 * aNorm = sqrt(V·q + V − 2)        with q the mean of ‖π_t‖² over positions with G_t ≠ 0
 * c_t = −⟨G_t, π_t − e_y⟩ / ‖π_t − e_y‖²   with y the class that |G_t| is largest for
 * }</pre>
 *
 * <p>For every loss that is a function of log-probabilities of labels, {@code G_t = −c_t·(π_t −
 * e_y)}, and c_t is the token's coefficient {@code ∂ℓ/∂log π_t(y_t)}; for others, such as smoothed
 * labels, it is the best fit. With two classes both labels explain the residual, and c is NaN. A
 * NaN among the logits or residuals of a row makes its values NaN. Products are in the arrays' own
 * type, sums over positions in float64. Cost: seven passes over {@code [N·T, V]}. Source: Ren and
 * Sutherland, ICLR 2025, Prop. 1.
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
        private final double[] top; // G_y
        private final double[] labelled; // π_y

        Positions(INDArray logits, INDArray residuals) {
            classes = (int) logits.size(1);
            try (INDArray max = logits.max(true, 1);
                    INDArray shifted = logits.sub(max);
                    INDArray pi = Nd4j.nn().softmax(shifted, 1);
                    INDArray product = pi.mul(residuals);
                    INDArray sizes =
                            org.nd4j.linalg.ops.transforms.Transforms.abs(residuals, true);
                    INDArray labels = Nd4j.argMax(sizes, 1)) {
                residualNorms = doubles(residuals.norm2(1));
                piNorms = doubles(pi.norm2(1));
                products = doubles(product.sum(1));
                int[] y = labels.toIntVector();
                top = picked(residuals, y);
                labelled = picked(pi, y);
            }
        }

        private static double[] picked(INDArray array, int[] columns) {
            double[] values = new double[columns.length];
            Arrays.setAll(values, row -> array.getDouble(row, columns[row]));
            return values;
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
            double gap = piNorms[i] * piNorms[i] - 2 * labelled[i] + 1;
            return -(products[i] - top[i]) / gap;
        }
    }
}
