package org.learningdynamics.train;

import java.util.Arrays;
import java.util.List;
import org.learningdynamics.influence.RowGradients;

/**
 * Inner products of the gradients of a block's rows. Float64.
 *
 * @param withProbes with those of probe rows // [probe rows][rows]
 * @param probeSquares squared norms of the probe rows' gradients // [probe rows]
 * @param gram among the block's rows // [rows][rows]
 * @param notFinite parameters with respect to which a gradient of the block is NaN or infinite
 */
record BlockProducts(
        double[][] withProbes, double[] probeSquares, double[][] gram, List<String> notFinite) {
    /** Looks for the parameters only if a product is not finite. */
    static BlockProducts of(
            double[][] withProbes, double[] probeSquares, double[][] gram, RowGradients block) {
        boolean finite =
                Arrays.stream(gram).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
        return new BlockProducts(
                withProbes, probeSquares, gram, finite ? List.of() : block.nonFiniteParameters());
    }
}
