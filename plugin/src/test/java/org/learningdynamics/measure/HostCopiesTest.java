package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HostCopiesTest {
    private static final int[] PLACES = {2, 0, -1, 2, 3, 4, 2};

    private static INDArray table() {
        return Nd4j.arange(1, 13).castTo(DataType.FLOAT).reshape(4, 3);
    }

    @Test
    void rowsAreThoseOfTheTable() {
        INDArray target = Nd4j.valueArrayOf(new long[] {7, 3}, Double.NaN, DataType.FLOAT);
        HostCopies.rows(table(), PLACES, target);
        float[][] expected = {
            {7, 8, 9}, {1, 2, 3}, {0, 0, 0}, {7, 8, 9}, {10, 11, 12}, {0, 0, 0}, {7, 8, 9}
        };
        assertArrayEquals(expected, target.toFloatMatrix());
        target.assign(-1);
        HostCopies.rows(table().dup('f'), PLACES, target);
        assertArrayEquals(expected, target.toFloatMatrix());
    }

    @Test
    void sumsAreOverAllRowsOfAPlace() {
        INDArray rows = Nd4j.arange(1, 22).castTo(DataType.FLOAT).reshape(7, 3);
        INDArray table = Nd4j.valueArrayOf(new long[] {4, 3}, Double.NaN, DataType.FLOAT);
        HostCopies.sums(rows, PLACES, table);
        float[][] expected = {
            {4, 5, 6}, {0, 0, 0}, {1 + 10 + 19, 2 + 11 + 20, 33 + 3}, {13, 14, 15}
        };
        assertArrayEquals(expected, table.toFloatMatrix());
        HostCopies.sums(rows.dup('f'), PLACES, table);
        assertArrayEquals(expected, table.toFloatMatrix());
    }

    @Test
    void noPlacesGiveZeros() {
        INDArray table = table();
        HostCopies.sums(Nd4j.create(DataType.FLOAT, 1, 3), new int[] {9}, table);
        assertEquals(0, table.amaxNumber().doubleValue());
    }

    @Test
    void otherLengthsAreNamed() {
        INDArray target = Nd4j.create(DataType.FLOAT, 2, 4);
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> HostCopies.rows(table(), new int[] {0, 1}, target))
                        .getMessage();
        assertEquals("there must be 2 rows of length 3, got shape [2, 4]", message);
    }

    /** Whole runs, single elements, and views of either. */
    @Test
    void copiesAreTheSourceWhateverItsStrides() {
        INDArray all = Nd4j.arange(2 * 3 * 4 * 5).castTo(DataType.FLOAT).reshape(2, 3, 4, 5);
        int[][] orders = {{0, 1, 2, 3}, {2, 0, 1, 3}, {1, 2, 0, 3}, {3, 2, 1, 0}, {0, 2, 3, 1}};
        for (int[] order : orders) {
            INDArray source = all.permute(order);
            INDArray target = Nd4j.valueArrayOf(source.shape(), -1, DataType.FLOAT);
            HostCopies.copy(source, target);
            assertEquals(source, target);
            for (int part = 0; part < source.size(0); part++) {
                INDArray slice = Nd4j.valueArrayOf(source.slice(0).shape(), -1, DataType.FLOAT);
                HostCopies.copy(source.slice(part), slice);
                assertEquals(source.slice(part), slice);
                target.assign(-1);
                HostCopies.copy(slice, target.slice(part));
                assertEquals(slice, target.slice(part));
                double left = slice.sumNumber().doubleValue() + slice.length() - target.length();
                assertEquals(left, target.sumNumber().doubleValue());
            }
        }
    }

    @Test
    void largeArraysAreCopiedWhole() {
        INDArray all = Nd4j.arange(70 * 80 * 64).castTo(DataType.FLOAT).reshape(70, 80, 64);
        INDArray target = Nd4j.create(DataType.FLOAT, 80, 70, 64);
        HostCopies.copy(all.permute(1, 0, 2), target);
        assertEquals(all.permute(1, 0, 2), target);
    }

    @Test
    void otherTypesAreCopiedToo() {
        INDArray source = Nd4j.arange(6).castTo(DataType.DOUBLE).reshape(2, 3);
        INDArray target = Nd4j.create(DataType.DOUBLE, 2, 3);
        HostCopies.copy(source, target);
        assertEquals(source, target);
    }

    @Test
    void otherShapesAreNamed() {
        INDArray target = Nd4j.create(DataType.FLOAT, 2, 4);
        String message =
                assertThrows(IllegalArgumentException.class, () -> HostCopies.copy(table(), target))
                        .getMessage();
        assertEquals("shapes must be the same, got [4, 3] and [2, 4]", message);
    }
}
