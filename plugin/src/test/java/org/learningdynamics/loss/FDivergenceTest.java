package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The maps of divergences on log-ratios. */
class FDivergenceTest {
    private static final double[] RATIOS = {-1e4, -90, -30, -1, 0, .5, 2, 30, 90, 1e4};

    @ParameterizedTest
    @EnumSource(FDivergence.Kind.class)
    void slopesEqualCentralDifferences(FDivergence.Kind kind) {
        FDivergence divergence = new FDivergence(kind, .4);
        for (double x : RATIOS) {
            double step = 1e-6 * Math.max(1, Math.abs(x));
            double difference = (divergence.map(x + step) - divergence.map(x - step)) / (2 * step);
            double error = Math.abs(difference - divergence.slope(x));
            assertTrue(error <= 1e-7 * Math.max(1, Math.abs(difference)), kind + " at " + x);
        }
    }

    @ParameterizedTest
    @EnumSource(FDivergence.Kind.class)
    void graphsEqualTheNumbersAndStayFinite(FDivergence.Kind kind) {
        FDivergence divergence = new FDivergence(kind, 1.6);
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            double tolerance = type == DataType.DOUBLE ? 1e-13 : 4e-6;
            SameDiff graph = SameDiff.create();
            SDVariable x = graph.var("x", Nd4j.createFromArray(RATIOS).castTo(type));
            SDVariable mapped = divergence.define(graph, x).add(x.mul(0));
            mapped.sum().markAsLoss();
            INDArray values = mapped.eval().castTo(DataType.DOUBLE);
            INDArray slopes = graph.calculateGradients(null, "x").get("x").castTo(DataType.DOUBLE);
            for (int i = 0; i < RATIOS.length; i++) {
                assertNear(divergence.map(RATIOS[i]), values.getDouble(i), tolerance);
                assertNear(divergence.slope(RATIOS[i]), slopes.getDouble(i), tolerance);
            }
        }
    }

    private static void assertNear(double expected, double actual, double tolerance) {
        assertEquals(expected, actual, tolerance * Math.max(1, Math.abs(expected)));
    }

    @ParameterizedTest
    @EnumSource(FDivergence.Kind.class)
    void growWithTheLogRatio(FDivergence.Kind kind) {
        FDivergence divergence = new FDivergence(kind, .4);
        for (int i = 1; i < RATIOS.length; i++) {
            assertTrue(divergence.map(RATIOS[i]) >= divergence.map(RATIOS[i - 1]), kind.label());
        }
    }
}
