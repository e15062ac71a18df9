package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointProductsTest {
    private static final long MEMORY = 1 << 20;

    private final List<INDArray> made = new ArrayList<>();

    /** One value a row for each of two parameters. */
    private RowGradients rows(double[] first, double[] second) {
        return new RowGradients(
                first.length, List.of(parameter("first", first), parameter("second", second)));
    }

    private FactoredGradient parameter(String name, double... values) {
        double[][][] cube = new double[values.length][1][1];
        Arrays.setAll(cube, row -> new double[][] {{values[row]}});
        INDArray array = Nd4j.createFromArray(cube);
        made.add(array);
        return new FactoredGradient(
                ParameterMatrix.vector(name, "layer", 1), List.of(new WholeGradients(array)));
    }

    private ProbeGradients probes() {
        return new ProbeGradients(
                2, 2, MEMORY, places -> rows(new double[] {1, 3}, new double[] {2, 4}));
    }

    @Test
    void areInnerProductsOverAllParameters() {
        try (CheckpointProducts exact = new ExactProducts(probes(), MEMORY)) {
            BlockProducts found = exact.of(rows(new double[] {5, 7}, new double[] {6, 8}));
            assertArrayEquals(new double[] {17, 23}, found.withProbes()[0], 1e-12);
            assertArrayEquals(new double[] {39, 53}, found.withProbes()[1], 1e-12);
            assertArrayEquals(new double[] {5, 25}, found.probeSquares(), 1e-12);
            assertArrayEquals(new double[] {61, 83}, found.gram()[0], 1e-12);
            assertEquals(List.of(), found.notFinite());
        }
        assertTrue(made.stream().allMatch(INDArray::wasClosed));
    }

    @Test
    void nameTheParametersWhoseGradientsAreNotFinite() {
        GradientProjection projection =
                new GradientProjection(GradientProjection.Kind.SPARSE_SIGNS, 8, 1);
        for (CheckpointProducts products :
                List.of(
                        new ExactProducts(probes(), MEMORY),
                        new ProjectedProducts(probes(), projection, MEMORY))) {
            BlockProducts found =
                    products.of(rows(new double[] {1, 2}, new double[] {Double.NaN, 3}));
            assertEquals(List.of("second"), found.notFinite());
            assertTrue(Double.isNaN(found.gram()[0][0]));
            products.close();
        }
        assertTrue(made.stream().allMatch(INDArray::wasClosed));
    }
}
