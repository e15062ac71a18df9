package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SumOpsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "5, 1", "300, 129", "3000, 301"})
    void columnSumsAreThoseOfNd4j(int rows, int columns) {
        INDArray x = JavaOps.normal(1, 1, rows, columns).addi(0.5);
        INDArray expected = x.castTo(DataType.DOUBLE).sum(0);
        INDArray sums = JavaOps.one(new ColumnSumsOp(columns), x);
        double size = expected.norm2Number().doubleValue();
        assertTrue(sums.castTo(DataType.DOUBLE).distance2(expected) <= 1e-6 * size);
        INDArray wide = JavaOps.one(new ColumnSumsOp(1, columns), x);
        assertEquals(sums.reshape(1, columns), wide);
        assertEquals(sums, JavaOps.one(new ColumnSumsOp(columns), x));
    }

    @Test
    void columnSumsOfHigherRanksAreOverAllButTheLastDimension() {
        INDArray x = JavaOps.normal(2, 1, 3, 4, 5);
        INDArray sums = JavaOps.one(new ColumnSumsOp(5), x);
        assertTrue(sums.distance2(x.sum(0, 1)) < 1e-5);
    }

    @Test
    void aTermsGradientIsSummedOverWhatItWasRepeatedAlong() {
        INDArray gradient = JavaOps.normal(3, 1, 4, 3, 5);
        long[][] terms = {{4, 3, 5}, {3, 5}, {5}, {1, 3, 1}, {4, 1, 5}, {1}, {}};
        for (long[] shape : terms) {
            INDArray term = Nd4j.create(DataType.FLOAT, shape);
            INDArray found = JavaOps.one(new SumToOp(), gradient, term);
            assertEquals(term.rank(), found.rank());
            // ∂ of Σ gradient·(term repeated), read off one place of the term after the other
            INDArray weight = JavaOps.normal(4, 1, shape);
            INDArray zeros = Nd4j.create(DataType.FLOAT, 4, 3, 5);
            double expected = zeros.add(weight).mul(gradient).sumNumber().doubleValue();
            assertEquals(expected, found.mul(weight).sumNumber().doubleValue(), 1e-4);
        }
    }

    @Test
    void sameIsACopyOrNothing() {
        INDArray x = JavaOps.normal(5, 1, 3, 2);
        assertEquals(x, JavaOps.one(new SameOp(), x));
    }

    @Test
    void rowsAreAddedAtTheirPlaces() {
        INDArray table = JavaOps.normal(6, 1, 6, 5);
        INDArray before = table.dup();
        INDArray places = Nd4j.createFromArray(2, 0, 2, 5, 2);
        INDArray rows = JavaOps.normal(7, 1, 5, 5);
        INDArray sum = JavaOps.one(new RowsAddedOp(), table, places, rows);
        INDArray expected = before.dup();
        for (int k = 0; k < 5; k++) {
            expected.getRow(places.getInt(k)).addi(rows.getRow(k));
        }
        assertEquals(expected, sum);
        assertEquals(before, table);
        INDArray wide = places.castTo(DataType.INT64).reshape(5, 1);
        assertEquals(expected, JavaOps.one(new RowsAddedOp(), table, wide, rows));
    }

    @Test
    void rowsOfHigherRankAreAddedWhole() {
        INDArray table = JavaOps.normal(8, 1, 3, 2, 4);
        INDArray rows = JavaOps.normal(9, 1, 2, 2, 4);
        INDArray sum = JavaOps.one(new RowsAddedOp(), table, Nd4j.createFromArray(1, 1), rows);
        INDArray expected = table.slice(1).add(rows.slice(0)).add(rows.slice(1));
        assertTrue(sum.slice(1).distance2(expected) < 1e-6);
        assertEquals(table.slice(2), sum.slice(2));
    }

    @Test
    void placesOutsideTheTableAreNamed() {
        INDArray table = JavaOps.normal(10, 1, 3, 2);
        INDArray rows = JavaOps.normal(11, 1, 1, 2);
        for (int place : new int[] {3, -1}) {
            String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            JavaOps.one(
                                                    new RowsAddedOp(),
                                                    table,
                                                    Nd4j.createFromArray(place),
                                                    rows))
                            .getMessage();
            assertEquals("places must be in [0, 3), got " + place, message);
        }
    }
}
