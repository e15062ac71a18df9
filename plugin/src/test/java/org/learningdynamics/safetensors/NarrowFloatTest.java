package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleToIntFunction;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class NarrowFloatTest {
    private static final int INFINITE_HALF = 0x7C00;
    private static final int INFINITE_BFLOAT = 0x7F80;

    @Test
    void everyHalfHasTheValueOfItsBits() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            double expected = value(bits, 5, 10);
            assertSame(expected, NarrowFloat.fromHalf((short) bits), bits);
        }
    }

    @Test
    void everyBfloat16HasTheValueOfItsBits() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            double expected = value(bits, 8, 7);
            assertSame(expected, NarrowFloat.fromBfloat16((short) bits), bits);
        }
    }

    /** The definition: sign · 2^(e − bias) · 1.f, or sign · 2^(1 − bias) · 0.f where e = 0. */
    private static double value(int bits, int exponentBits, int fractionBits) {
        double sign = bits >= 1 << 15 ? -1 : 1;
        int bias = (1 << (exponentBits - 1)) - 1;
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        double fraction = (bits & ((1 << fractionBits) - 1)) / Math.pow(2, fractionBits);
        if (exponent == (1 << exponentBits) - 1) {
            return fraction > 0 ? Double.NaN : sign * Double.POSITIVE_INFINITY;
        }
        return exponent == 0
                ? sign * Math.pow(2, 1 - bias) * fraction
                : sign * Math.pow(2, exponent - bias) * (1 + fraction);
    }

    private static void assertSame(double expected, float actual, int bits) {
        assertEquals(expected, actual, () -> "bits " + Integer.toHexString(bits));
    }

    @Test
    void narrowingUndoesWidening() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            short half = (short) bits;
            if ((bits & 0x7FFF) <= INFINITE_HALF) {
                assertEquals(half, NarrowFloat.toHalf(NarrowFloat.fromHalf(half)));
            }
            if ((bits & 0x7FFF) <= INFINITE_BFLOAT) {
                assertEquals(half, NarrowFloat.toBfloat16(NarrowFloat.fromBfloat16(half)));
            }
        }
    }

    @Test
    void narrowsToTheNearestAndTiesToTheEven() {
        assertNearest(NarrowFloat::toHalf, b -> NarrowFloat.fromHalf((short) b), INFINITE_HALF);
        assertNearest(
                NarrowFloat::toBfloat16, b -> NarrowFloat.fromBfloat16((short) b), INFINITE_BFLOAT);
    }

    /** Between every two neighbours: below, at and above the middle. */
    private static void assertNearest(
            DoubleToIntFunction narrow, IntToDoubleFunction widen, int infinity) {
        for (int bits = 0; bits < infinity - 1; bits++) {
            double middle = (widen.applyAsDouble(bits) + widen.applyAsDouble(bits + 1)) / 2;
            assertEquals(bits, narrow.applyAsInt(Math.nextDown(middle)));
            assertEquals(bits + 1, narrow.applyAsInt(Math.nextUp(middle)));
            assertEquals(bits + (bits & 1), narrow.applyAsInt(middle));
            assertEquals((short) ((bits + (bits & 1)) | 0x8000), narrow.applyAsInt(-middle));
        }
    }

    @Test
    void narrowsRandomDoublesToTheNearest() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double value = random.nextGaussian() * Math.pow(2, random.nextInt(34) - 24);
            double error = Math.abs(NarrowFloat.fromHalf(NarrowFloat.toHalf(value)) - value);
            for (int bits = 0; bits < INFINITE_HALF; bits += 7) {
                assertTrue(error <= Math.abs(NarrowFloat.fromHalf((short) bits) - Math.abs(value)));
            }
        }
    }

    @Test
    void keepsInfinitiesAndNaN() {
        assertEquals((short) 0x7C00, NarrowFloat.toHalf(Double.POSITIVE_INFINITY));
        assertEquals((short) 0xFC00, NarrowFloat.toHalf(Double.NEGATIVE_INFINITY));
        assertEquals((short) 0xFF80, NarrowFloat.toBfloat16(Double.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(NarrowFloat.fromHalf(NarrowFloat.toHalf(Double.NaN))));
        assertTrue(Float.isNaN(NarrowFloat.fromBfloat16(NarrowFloat.toBfloat16(Double.NaN))));
        assertEquals(Float.NEGATIVE_INFINITY, NarrowFloat.toSingle(Double.NEGATIVE_INFINITY));
    }

    @Test
    void refusesWhatWouldBecomeInfinite() {
        assertEquals((short) 0x7BFF, NarrowFloat.toHalf(65519.99));
        assertTooLarge("value 65520.0 is beyond the range of F16", NarrowFloat::toHalf, 65520);
        assertTooLarge(
                "value -3.4E38 is beyond the range of BF16", NarrowFloat::toBfloat16, -3.4e38);
        assertTooLarge(
                "value 1.0E39 is beyond the range of F32",
                x -> (int) NarrowFloat.toSingle(x),
                1e39);
    }

    private static void assertTooLarge(String message, DoubleToIntFunction narrow, double value) {
        assertEquals(
                message,
                assertThrows(ArithmeticException.class, () -> narrow.applyAsInt(value))
                        .getMessage());
    }
}
