package org.learningdynamics.influence;

import java.util.List;

/**
 * What learnt rows and the update did to observed rows, to first order. Sums are in float64.
 *
 * @param layers names of the layer groups
 * @param pairs influence of each learnt row, by layer group // [layers][observed][learnt]
 * @param predicted {@code ⟨∇_o, Δθ⟩}, by layer group (nats) // [layers][observed]
 * @param fromBatch {@code −⟨∇_o, scale·D∘g⟩} (nats) // [observed]
 * @param fromHistory {@code −⟨∇_o, history⟩} (nats) // [observed]
 * @param fromDecay {@code −⟨∇_o, decay⟩} (nats) // [observed]
 * @param observedNorms ‖∇_o‖₂ // [observed]
 */
public record InteractionSums(
        List<String> layers,
        double[][][] pairs,
        double[][] predicted,
        double[] fromBatch,
        double[] fromHistory,
        double[] fromDecay,
        double[] observedNorms) {
    /**
     * Copies the list of names; the arrays are handed over.
     *
     * @param layers names of the layer groups
     * @param pairs influences // [layers][observed][learnt]
     * @param predicted first-order change // [layers][observed]
     * @param fromBatch this batch's part // [observed]
     * @param fromHistory the optimiser's memory // [observed]
     * @param fromDecay regularisation // [observed]
     * @param observedNorms norms of the gradients // [observed]
     */
    public InteractionSums {
        layers = List.copyOf(layers);
    }

    /**
     * Influences over all layers.
     *
     * @return a new array // [observed][learnt]
     */
    public double[][] total() {
        double[][] total = new double[observedNorms.length][];
        for (int row = 0; row < total.length; row++) {
            total[row] = new double[pairs[0][row].length];
            for (double[][] layer : pairs) {
                for (int i = 0; i < total[row].length; i++) {
                    total[row][i] += layer[row][i];
                }
            }
        }
        return total;
    }

    /**
     * First-order change over all layers.
     *
     * @return a new array (nats) // [observed]
     */
    public double[] totalPredicted() {
        double[] total = new double[observedNorms.length];
        for (double[] layer : predicted) {
            for (int row = 0; row < total.length; row++) {
                total[row] += layer[row];
            }
        }
        return total;
    }
}
