package org.learningdynamics.safetensors;

/**
 * Half precision and bfloat16 as bits. Widening is exact; narrowing rounds to nearest, ties to
 * even, straight from the double, so that it rounds once.
 */
final class NarrowFloat {
    private static final int HALF_FRACTION_BITS = 10;
    private static final int HALF_MIN_EXPONENT = -14;
    private static final int BFLOAT_FRACTION_BITS = 7;
    private static final int BFLOAT_MIN_EXPONENT = -126;
    private static final int SHORT_SIGN = 0x8000;

    private NarrowFloat() {}

    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << Short.SIZE);
    }

    static float fromHalf(short bits) {
        int sign = (bits & SHORT_SIGN) << Short.SIZE;
        int exponent = (bits >> HALF_FRACTION_BITS) & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1F ? 0xFF : exponent - 15 + Float.MAX_EXPONENT;
        return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
    }

    static short toHalf(double value) {
        return narrow(value, HALF_FRACTION_BITS, HALF_MIN_EXPONENT, "F16");
    }

    static short toBfloat16(double value) {
        return narrow(value, BFLOAT_FRACTION_BITS, BFLOAT_MIN_EXPONENT, "BF16");
    }

    static float toSingle(double value) {
        float single = (float) value;
        if (Float.isInfinite(single) && !Double.isInfinite(value)) {
            throw tooLarge(value, "F32");
        }
        return single;
    }

    /**
     * The format's bits are sign, biased exponent and fraction, so that counting magnitudes upwards
     * from zero in steps of the format gives the bits themselves: a carry into the exponent is
     * right by itself.
     */
    private static short narrow(double value, int fractionBits, int minExponent, String name) {
        int sign = Double.doubleToRawLongBits(value) < 0 ? SHORT_SIGN : 0;
        int infinity = (3 - 2 * minExponent) << fractionBits;
        double magnitude = Math.abs(value);
        if (Double.isNaN(value)) {
            return (short) (sign | infinity | (1 << (fractionBits - 1)));
        }
        if (Double.isInfinite(value)) {
            return (short) (sign | infinity);
        }
        int exponent = Math.max(Math.getExponent(magnitude), minExponent);
        double steps = Math.rint(Math.scalb(magnitude, fractionBits - exponent));
        int bits = (int) steps + ((exponent - minExponent) << fractionBits);
        if (bits >= infinity) {
            throw tooLarge(value, name);
        }
        return (short) (sign | bits);
    }

    private static ArithmeticException tooLarge(double value, String name) {
        return new ArithmeticException("value " + value + " is beyond the range of " + name);
    }
}
