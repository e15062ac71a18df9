package org.learningdynamics.train;

import java.util.Map;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.influence.InteractionSums;
import org.learningdynamics.influence.RowGradients;

/** Inner products of the gradients themselves. */
final class ExactProducts implements CheckpointProducts {
    private final ProbeGradients probes;
    private final long memoryBytes;

    /** The memory is for explicit gradients. */
    ExactProducts(ProbeGradients probes, long memoryBytes) {
        this.probes = probes;
        this.memoryBytes = memoryBytes;
    }

    @Override
    public BlockProducts of(RowGradients examples) {
        double[][] products = new double[probes.rows()][];
        double[] squares = new double[probes.rows()];
        try (GradientInteractions learnt =
                new GradientInteractions(
                        examples, 1, Map.of(), InfluenceForm.DOT, Math.max(1 << 20, memoryBytes))) {
            probes.forEach(
                    (first, gradients) -> {
                        InteractionSums sums = learnt.with(gradients);
                        double[][] total = sums.total();
                        for (int row = 0; row < total.length; row++) {
                            double norm = sums.observedNorms()[row];
                            products[first + row] = total[row];
                            squares[first + row] = norm * norm;
                        }
                    });
            return BlockProducts.of(products, squares, learnt.learntGram(), examples);
        }
    }

    @Override
    public void close() {
        probes.close();
    }
}
