package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HostRowsTest {
    private static INDArray numbers(long rows, long columns) {
        return Nd4j.linspace(1, rows * columns, rows * columns, DataType.FLOAT)
                .reshape(rows, columns);
    }

    /** target = x · w, with one w a row; counts the rows. */
    private static final class Scaling implements HostRows.Kernel {
        private final int length;
        private int seen;

        Scaling(int length) {
            this.length = length;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs, int rows) {
            seen += rows;
            for (int i = 0; i < rows * length; i++) {
                outputs[0][i] = inputs[0][i] * inputs[1][i / length];
            }
        }
    }

    private static List<Scaling> scale(INDArray x, INDArray w, INDArray target) {
        int length = (int) x.size(1);
        return HostRows.run(x.size(0), () -> new Scaling(length), List.of(x, w), List.of(target));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 9", "3, 5", "4097, 1", "7, 5000", "1000, 301", "3, 300000"})
    void everyRowIsComputedOnce(int rows, int columns) {
        INDArray x = numbers(rows, columns);
        INDArray w = Nd4j.linspace(1, rows, rows, DataType.FLOAT).reshape(rows, 1).rsubi(3);
        INDArray target = Nd4j.valueArrayOf(new long[] {rows, columns}, -1, DataType.FLOAT);
        List<Scaling> kernels = scale(x, w, target);
        assertEquals(x.mul(w), target);
        assertEquals(rows, kernels.stream().mapToInt(kernel -> kernel.seen).sum());
    }

    @Test
    void largeArraysAreSharedOutInTheOrderOfTheirRows() {
        INDArray x = numbers(1000, 1000);
        List<Scaling> kernels = scale(x, Nd4j.ones(DataType.FLOAT, 1000, 1), x.ulike().assign(0));
        assertEquals(List.of(262, 262, 262, 214), kernels.stream().map(k -> k.seen).toList());
    }

    @Test
    void viewsAndColumnMajorArraysAreReadElementByElement() {
        INDArray x = numbers(6, 4);
        INDArray w = Nd4j.ones(DataType.FLOAT, 4, 1).muli(2);
        INDArray part = x.get(NDArrayIndex.interval(1, 5), NDArrayIndex.interval(1, 3));
        INDArray target = Nd4j.create(DataType.FLOAT, 4, 2);
        scale(part, w, target);
        assertEquals(part.mul(2), target);
        scale(part.dup('f'), w, target);
        assertEquals(part.mul(2), target);
        INDArray rows = x.get(NDArrayIndex.interval(2, 6), NDArrayIndex.all());
        INDArray wide = Nd4j.create(DataType.FLOAT, 4, 4);
        scale(rows, w, wide);
        assertEquals(rows.mul(2), wide);
    }

    @Test
    void viewsOfWholeRowsAreWritten() {
        INDArray whole = numbers(6, 4);
        INDArray before = whole.dup();
        INDArray part = whole.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all());
        scale(Nd4j.ones(DataType.FLOAT, 2, 4), Nd4j.ones(DataType.FLOAT, 2, 1), part);
        assertEquals(1, part.getFloat(0, 0));
        assertEquals(1, part.getFloat(1, 3));
        assertEquals(before.getRow(1), whole.getRow(1));
        assertEquals(before.getRow(4), whole.getRow(4));
    }

    @Test
    void noRowsAreNoWork() {
        assertTrue(
                HostRows.run(
                                0,
                                () -> new Scaling(1),
                                List.of(),
                                List.of(Nd4j.create(DataType.FLOAT, 1)))
                        .isEmpty());
    }

    @Test
    void arraysThatDoNotFitAreNamed() {
        INDArray x = numbers(2, 3);
        INDArray doubles = x.castTo(DataType.DOUBLE);
        assertEquals(
                "arrays must be FLOAT, got DOUBLE", message(doubles, numbers(2, 1), x.ulike()));
        assertTrue(message(x, numbers(2, 1), x.dup('f')).startsWith("outputs must be in c order"));
        assertEquals(
                "the length must be a multiple of 2 rows, got shape [3, 1]",
                message(x, numbers(3, 1), x.ulike()));
    }

    private static String message(INDArray x, INDArray w, INDArray target) {
        return assertThrows(IllegalArgumentException.class, () -> scale(x, w, target)).getMessage();
    }

    @Test
    void valuesComeInRowMajorOrder() {
        INDArray x = numbers(2, 3);
        float[] expected = {1, 2, 3, 4, 5, 6};
        assertArrayEquals(expected, HostRows.values(x));
        assertArrayEquals(expected, HostRows.values(x.dup('f')));
    }
}
