package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HostFloatsTest {
    /** a ← a + 2b, b ← −b. */
    private static void kernel(float[][] chunk, int count) {
        for (int i = 0; i < count; i++) {
            chunk[0][i] += 2 * chunk[1][i];
            chunk[1][i] = -chunk[1][i];
        }
    }

    private static INDArray numbers(long rows, long columns) {
        return Nd4j.linspace(1, rows * columns, rows * columns, DataType.FLOAT)
                .reshape(rows, columns);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096, 4097, 300_000, 900_001})
    void everyElementIsChangedOnce(int length) {
        INDArray a = numbers(1, length);
        INDArray b = numbers(1, length).rsub(5);
        INDArray expected = a.add(b.mul(2));
        INDArray negated = b.neg();
        HostFloats.update(HostFloatsTest::kernel, a, b);
        assertEquals(expected, a);
        assertEquals(negated, b);
    }

    @ParameterizedTest
    @ValueSource(chars = {'c', 'f'})
    void arraysOfEitherOrderAreChangedElementByElement(char order) {
        INDArray a = numbers(5, 3).dup(order);
        INDArray b = numbers(5, 3).rsub(5).dup(order);
        INDArray expected = a.add(b.mul(2));
        HostFloats.update(HostFloatsTest::kernel, a, b);
        assertEquals(expected, a);
    }

    @Test
    void viewsLeaveWhatIsAroundThem() {
        INDArray whole = numbers(6, 4);
        INDArray before = whole.dup();
        INDArray view = whole.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all());
        INDArray other = Nd4j.ones(DataType.FLOAT, 2, 4);
        assertTrue(HostFloats.fit(view, other));
        HostFloats.update(HostFloatsTest::kernel, view, other);
        for (int row = 0; row < 6; row++) {
            double added = row == 2 || row == 3 ? 2 : 0;
            assertEquals(before.getRow(row).add(added), whole.getRow(row));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        INDArray a = numbers(4, 4);
        assertFalse(HostFloats.fit(a, numbers(4, 4).dup('f')), "orders");
        assertFalse(HostFloats.fit(a, numbers(2, 8)), "shapes");
        assertFalse(HostFloats.fit(a.castTo(DataType.DOUBLE)), "types");
        assertFalse(HostFloats.fit(a.getColumn(1)), "gaps");
        IllegalArgumentException error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> HostFloats.update(HostFloatsTest::kernel, a, a.transpose()));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "arrays must be float32 of the CPU backend, of one shape and"
                                        + " without gaps, got "),
                error.getMessage());
        assertEquals(numbers(4, 4), a);
    }

    @Test
    void moreThanOneThreadGivesTheSameBits() {
        INDArray a = Nd4j.rand(DataType.FLOAT, 1_000_000);
        INDArray b = Nd4j.rand(DataType.FLOAT, 1_000_000);
        float[][] own = {a.toFloatVector(), b.toFloatVector()};
        kernel(own, own[0].length);
        HostFloats.update(HostFloatsTest::kernel, a, b);
        assertTrue(Arrays.equals(own[0], a.toFloatVector()));
    }
}
