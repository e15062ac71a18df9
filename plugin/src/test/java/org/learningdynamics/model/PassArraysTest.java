package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PassArraysTest {
    private final INDArray logits = Nd4j.rand(DataType.FLOAT, 6, 5);
    private final INDArray input = Nd4j.rand(DataType.FLOAT, 6, 4);
    private final INDArray other = Nd4j.rand(DataType.FLOAT, 6, 4);
    private final INDArray first = Nd4j.rand(DataType.FLOAT, 6, 3);
    private final INDArray second = Nd4j.rand(DataType.FLOAT, 3, 6).transpose().dup('f');
    private final SeededGraph.Pass pass =
            new SeededGraph.Pass(
                    logits,
                    Map.of("input", input, "other", other),
                    Map.of("first", first, "second", second));

    @Test
    void productsOfOneInputShareIt() {
        RowGradients gradients;
        try (PassArrays arrays = new PassArrays(pass, 2)) {
            FactoredGradient one = gradient("one", "first", arrays);
            FactoredGradient two = gradient("two", "second", arrays);
            assertSame(input, arrays.owned().get(0));
            gradients =
                    new RowGradients(
                            2, List.of(one, two), () -> arrays.owned().forEach(INDArray::close));
        }
        assertEquals(4 * (6 * 4 + 6 * 3 + 6 * 3), gradients.bytes());
        assertFalse(input.wasClosed() || first.wasClosed() || logits.wasClosed());
        assertTrue(other.wasClosed());
        assertTrue(second.wasClosed(), "the copy in the right order took its place");
        INDArray sum = gradients.parameters().get(1).explicit(0, 3);
        assertArrayEquals(new long[] {2, 4, 3}, sum.shape());
        gradients.ofLayers(Set.of("layer")).close();
        assertTrue(input.wasClosed() && first.wasClosed());
    }

    private static FactoredGradient gradient(String name, String output, PassArrays arrays) {
        return new FactoredGradient(
                ParameterMatrix.of(name, "layer", 4, 3),
                List.of(new ParameterUse.Product("input", output).factor(arrays)));
    }

    @Test
    void sumsOverPositionsKeepNothingAndChangeNothing() {
        INDArray values;
        try (PassArrays arrays =
                new PassArrays(
                        new SeededGraph.Pass(logits, Map.of("input", other), Map.of("y", input)),
                        2)) {
            RowGradients gains =
                    new RowGradients(
                            2,
                            List.of(
                                    new FactoredGradient(
                                            ParameterMatrix.vector("gain", "layer", 4),
                                            List.of(
                                                    new ParameterUse.Gain("input", "y", false)
                                                            .factor(arrays)))));
            assertEquals(List.of(), arrays.owned());
            values = gains.parameters().get(0).explicit(0, 4);
            for (int n = 0; n < 2; n++) {
                for (int column = 0; column < 4; column++) {
                    double sum = 0;
                    for (int t = 3 * n; t < 3 * n + 3; t++) {
                        sum += input.getDouble(t, column) * other.getDouble(t, column);
                    }
                    assertEquals(sum, values.getDouble(n, 0, column), 1e-6);
                }
            }
        }
        assertTrue(input.wasClosed() && other.wasClosed());
    }
}
