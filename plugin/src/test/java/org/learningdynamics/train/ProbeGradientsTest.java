package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.learningdynamics.influence.WholeGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ProbeGradientsTest {
    private static final int BYTES_A_ROW = 5 * Float.BYTES;

    private final List<INDArray> made = new ArrayList<>();
    private final List<List<Integer>> passes = new ArrayList<>();

    private RowGradients pass(List<Integer> rows) {
        INDArray values = Nd4j.zeros(DataType.FLOAT, rows.size(), 1, 5);
        made.add(values);
        passes.add(rows);
        FactoredGradient gradient =
                new FactoredGradient(
                        ParameterMatrix.vector("b", "b", 5), List.of(new WholeGradients(values)));
        return new RowGradients(rows.size(), List.of(gradient));
    }

    private static List<Integer> firsts(ProbeGradients gradients) {
        List<Integer> firsts = new ArrayList<>();
        gradients.forEach((first, some) -> firsts.add(first));
        return firsts;
    }

    @Test
    void keepsAsManyBlocksAsTheMemoryTakesAndMakesTheOthersAgain() {
        ProbeGradients gradients = new ProbeGradients(8, 3, 7 * BYTES_A_ROW, this::pass);
        assertEquals(List.of(0, 3, 6), firsts(gradients));
        assertEquals(6 * BYTES_A_ROW, gradients.keptBytes());
        assertEquals(List.of(0, 3, 6), firsts(gradients));
        assertEquals(
                List.of(List.of(0, 1, 2), List.of(3, 4, 5), List.of(6, 7), List.of(6, 7)), passes);
        assertFalse(made.get(0).wasClosed());
        assertTrue(made.get(2).wasClosed() && made.get(3).wasClosed());
        gradients.close();
        assertTrue(made.stream().allMatch(INDArray::wasClosed));
    }

    @Test
    void holdsOneBlockAtATimeWithoutMemory() {
        ProbeGradients gradients = new ProbeGradients(6, 2, 0, this::pass);
        gradients.forEach(
                (first, some) ->
                        assertEquals(1, made.stream().filter(a -> !a.wasClosed()).count()));
        assertEquals(0, gradients.keptBytes());
        assertTrue(made.stream().allMatch(INDArray::wasClosed));
    }
}
