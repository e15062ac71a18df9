package org.learningdynamics.train;

import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.RowGradients;

/** Inner products of projected gradients; those of all probe rows are kept, k numbers each. */
final class ProjectedProducts implements CheckpointProducts {
    private final GradientProjection projection;
    private final long memoryBytes;
    private final double[][] probes; // [probe rows][k]
    private final double[] squares; // [probe rows]

    /** Closes the probes' gradients. */
    ProjectedProducts(ProbeGradients gradients, GradientProjection projection, long memoryBytes) {
        this.projection = projection;
        this.memoryBytes = memoryBytes;
        probes = new double[gradients.rows()][];
        squares = new double[probes.length];
        try (gradients) {
            gradients.forEach(
                    (first, some) -> {
                        double[][] projected = projection.project(some, memoryBytes);
                        for (int row = 0; row < projected.length; row++) {
                            probes[first + row] = projected[row];
                            squares[first + row] = dot(projected[row], projected[row]);
                        }
                    });
        }
    }

    @Override
    public BlockProducts of(RowGradients examples) {
        try (examples) {
            double[][] rows = projection.project(examples, memoryBytes);
            return BlockProducts.of(
                    products(probes, rows), squares.clone(), products(rows, rows), examples);
        }
    }

    static double[][] products(double[][] left, double[][] right) {
        double[][] products = new double[left.length][right.length];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < right.length; j++) {
                products[i][j] = dot(left[i], right[j]);
            }
        }
        return products;
    }

    static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int j = 0; j < left.length; j++) {
            sum += left[j] * right[j];
        }
        return sum;
    }

    @Override
    public void close() {}
}
