package org.learningdynamics.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.measure.HostProducts.Factor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HostProductsTest {
    private static INDArray random(DataType type, char order, long... shape) {
        INDArray values = Nd4j.createUninitialized(type, shape, order);
        return values.assign(Nd4j.rand(DataType.DOUBLE, shape).subi(0.5));
    }

    /** One element of op(A)·op(B). */
    private static double naive(Factor a, Factor b, long batch, long row, long column) {
        INDArray left = matrix(a, batch);
        INDArray right = matrix(b, batch);
        double sum = 0;
        for (long i = 0; i < left.size(1); i++) {
            sum += left.getDouble(row, i) * right.getDouble(i, column);
        }
        return sum;
    }

    private static INDArray matrix(Factor factor, long batch) {
        INDArray all = factor.array();
        INDArray one = all.rank() == 2 ? all : all.slice(batch);
        return factor.isTransposed() ? one.transpose() : one;
    }

    private static void check(Factor a, Factor b, INDArray result, boolean adds) {
        INDArray before = result.dup();
        HostProducts.multiply(a, b, result, adds);
        long batches = result.rank() == 2 ? 1 : result.size(0);
        double tolerance = result.dataType() == DataType.FLOAT ? 2e-6 : 1e-14;
        for (long batch = 0; batch < batches; batch++) {
            INDArray got = result.rank() == 2 ? result : result.slice(batch);
            INDArray old = before.rank() == 2 ? before : before.slice(batch);
            for (long row = 0; row < got.size(0); row++) {
                for (long column = 0; column < got.size(1); column++) {
                    double expected =
                            naive(a, b, batch, row, column)
                                    + (adds ? old.getDouble(row, column) : 0);
                    assertEquals(expected, got.getDouble(row, column), tolerance);
                }
            }
        }
    }

    static Stream<Arguments> ways() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(
                        type ->
                                Stream.of("cc", "cf", "fc", "ff")
                                        .flatMap(
                                                orders ->
                                                        Stream.of(0, 1, 2, 3)
                                                                .map(
                                                                        how ->
                                                                                Arguments.of(
                                                                                        type,
                                                                                        orders,
                                                                                        how))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void productsAreThoseOfTheirDefinition(DataType type, String orders, int how) {
        boolean isLeft = (how & 1) == 1;
        boolean isRight = (how & 2) == 2;
        for (int[] size : List.of(new int[] {3, 4, 5}, new int[] {1, 7, 1}, new int[] {6, 1, 2})) {
            int m = size[0];
            int k = size[1];
            int n = size[2];
            INDArray a = random(type, orders.charAt(0), isLeft ? k : m, isLeft ? m : k);
            INDArray b = random(type, orders.charAt(1), isRight ? n : k, isRight ? k : n);
            INDArray result = random(type, 'c', m, n);
            check(new Factor(a, isLeft), new Factor(b, isRight), result, false);
            check(new Factor(a, isLeft), new Factor(b, isRight), result, true);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT", "DOUBLE"})
    void partsOfMatricesAlongALeadingAxisAreTakenWhereTheyLie(DataType type) {
        INDArray a = random(type, 'c', 3, 6, 9);
        INDArray b = random(type, 'c', 3, 6, 8);
        INDArray left =
                a.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 5), NDArrayIndex.interval(2, 9));
        INDArray right =
                b.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 6), NDArrayIndex.interval(0, 3));
        INDArray whole = random(type, 'c', 3, 10, 5);
        INDArray before = whole.dup();
        INDArray result =
                whole.get(
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(3, 10),
                        NDArrayIndex.interval(1, 4));
        check(Factor.transposed(left), Factor.of(right), result, true);
        result.assign(0);
        before.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 10), NDArrayIndex.interval(1, 4))
                .assign(0);
        assertEquals(before, whole, "what surrounds the result must stay");
    }

    /** More than a million multiplications, which are made some rows at a time where they can. */
    @ParameterizedTest
    @CsvSource({
        "401, 30, 90, false, c",
        "401, 30, 90, true, c",
        "401, 30, 90, false, f",
        "401, 30, 90, true, f",
        "131, 400, 21, true, c",
        "64, 40, 700, true, c"
    })
    void largeProductsOfNarrowMatricesAreThoseOfTheirDefinition(
            int m, int k, int n, boolean isLeft, char order) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            long[] shape = isLeft ? new long[] {2, k, m} : new long[] {2, m, k};
            INDArray a =
                    order == 'c'
                            ? random(type, 'c', shape)
                            : random(type, 'c', 2, shape[2], shape[1]).permute(0, 2, 1);
            INDArray b = random(type, 'c', 2, k, n);
            INDArray before = random(type, 'c', 2, m, n);
            for (boolean adds : new boolean[] {false, true}) {
                INDArray result = before.dup();
                HostProducts.multiply(new Factor(a, isLeft), Factor.of(b), result, adds);
                for (int i = 0; i < 2; i++) {
                    INDArray left = a.slice(i).castTo(DataType.DOUBLE);
                    INDArray expected =
                            (isLeft ? left.transpose() : left)
                                    .mmul(b.slice(i).castTo(DataType.DOUBLE));
                    if (adds) {
                        expected.addi(before.slice(i).castTo(DataType.DOUBLE));
                    }
                    INDArray apart = result.slice(i).castTo(DataType.DOUBLE).sub(expected);
                    double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-13;
                    assertEquals(0, apart.amaxNumber().doubleValue(), tolerance);
                }
            }
        }
    }

    @Test
    void manySmallProductsAreSharedOutAndTheSame() {
        INDArray a = random(DataType.FLOAT, 'c', 200, 40, 32);
        INDArray b = random(DataType.FLOAT, 'c', 200, 40, 32);
        INDArray all = Nd4j.createUninitialized(DataType.FLOAT, new long[] {200, 40, 40}, 'c');
        HostProducts.multiply(Factor.of(a), Factor.transposed(b), all, false);
        INDArray one = Nd4j.createUninitialized(DataType.FLOAT, new long[] {40, 40}, 'c');
        for (int i = 0; i < 200; i += 57) {
            HostProducts.multiply(Factor.of(a.slice(i)), Factor.transposed(b.slice(i)), one, false);
            assertEquals(one, all.slice(i).dup());
        }
    }

    @Test
    void leadingAxesAreCountedInTheOrderOfC() {
        INDArray a = random(DataType.FLOAT, 'c', 2, 3, 4, 5).permute(1, 0, 2, 3);
        INDArray b = random(DataType.FLOAT, 'c', 3, 2, 5, 6);
        INDArray result = Nd4j.create(DataType.FLOAT, 3, 2, 4, 6);
        HostProducts.multiply(Factor.of(a), Factor.of(b), result, false);
        for (long at = 0; at < result.length(); at++) {
            long i = at / 48;
            long j = at / 24 % 2;
            long row = at / 6 % 4;
            long column = at % 6;
            double expected = 0;
            for (int k = 0; k < 5; k++) {
                expected += a.getDouble(i, j, row, k) * b.getDouble(i, j, k, column);
            }
            assertEquals(expected, result.getDouble(i, j, row, column), 1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 1e-6", "DOUBLE, 1e-15"})
    void squaresAreThoseOfEachRow(DataType type, double tolerance) {
        INDArray whole = random(type, 'c', 5, 400);
        INDArray part = whole.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(7, 307));
        double[] squares = HostProducts.squares(part);
        assertEquals(3, squares.length);
        for (int row = 0; row < 3; row++) {
            double expected = 0;
            for (int column = 0; column < 300; column++) {
                expected += Math.pow(part.getDouble(row, column), 2);
            }
            assertEquals(expected, squares[row], tolerance * expected);
        }
        assertThrows(IllegalArgumentException.class, () -> HostProducts.squares(whole.transpose()));
    }

    @Test
    void arraysThatDoNotFitAreToldApart() {
        INDArray a = Nd4j.ones(DataType.FLOAT, 4, 6);
        assertTrue(HostProducts.fit(a, a));
        assertFalse(HostProducts.fit(a, a.castTo(DataType.DOUBLE)), "types");
        assertFalse(HostProducts.fit(a, a.reshape(1, 4, 6)), "ranks");
        assertFalse(HostProducts.fit(a.castTo(DataType.INT32)), "integers");
        assertFalse(HostProducts.fit(Nd4j.ones(DataType.FLOAT, 4)), "vectors");
        INDArray gaps = a.get(NDArrayIndex.interval(0, 2, 4), NDArrayIndex.interval(0, 2, 6));
        assertFalse(HostProducts.fit(gaps), "gaps in rows and columns");
        assertFalse(
                HostProducts.fit(
                        Nd4j.ones(DataType.FLOAT, 2, 4, 6), Nd4j.ones(DataType.FLOAT, 3, 4, 6)),
                "leading axes");
    }

    @Test
    void wrongSizesAreNamed() {
        INDArray a = Nd4j.ones(DataType.FLOAT, 4, 6);
        INDArray b = Nd4j.ones(DataType.FLOAT, 4, 6);
        IllegalArgumentException sizes =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> HostProducts.multiply(Factor.of(a), Factor.of(b), a.dup(), false));
        assertEquals(
                "sizes must be [m, k], [k, n] and [m, n], got [FLOAT[4, 6], FLOAT[4, 6], FLOAT[4,"
                        + " 6]]",
                sizes.getMessage());
        INDArray result = Nd4j.create(DataType.FLOAT, new long[] {6, 6}, 'f');
        IllegalArgumentException order =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                HostProducts.multiply(
                                        Factor.transposed(a), Factor.of(b), result, false));
        assertEquals(
                "factors and result must be float32 or float64 of the CPU backend, with rows or"
                        + " columns without gaps, the result's rows, got [FLOAT[4, 6], FLOAT[4, 6],"
                        + " FLOAT[6, 6]]",
                order.getMessage());
    }
}
