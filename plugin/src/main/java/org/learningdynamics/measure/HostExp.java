package org.learningdynamics.measure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * The exponential function of many float32 values, in loops that the compiler turns into vector
 * instructions; about a sixth of the time of {@link Math#exp}. One instance a thread.
 *
 * <p>With k the integer nearest to x/ln 2, {@code e^x = 2^k · e^r}, where {@code r = x − k·ln 2} is
 * at most .35 in size and {@code e^r} a polynomial of degree 7. The power is put together from the
 * bits of {@code k + 127 + 3·2²²}, which hold k + 127 in their last places. Every loop starts at
 * the same index of all its arrays, or else it would not become vector instructions.
 *
 * <p>Relative error below 2e-7. Values from {@value #LARGEST} on give the exponential of that;
 * values below −87.7, whose exponentials are subnormal, give 0; NaN gives NaN.
 */
public final class HostExp {
    /** What larger values are taken for, so that the reciprocal of a result is a normal number. */
    public static final float LARGEST = 87;

    private static final float LEAST = -88; // 2^-127 would be the power: its bits are those of 0
    private static final float PLACES = 12582912 + 127;
    private static final float PER_BIT = (float) (1 / Math.log(2));
    private static final float LN2_HEAD = 355 / 512f; // of 9 bits, so that k times it is exact
    private static final float LN2_TAIL = (float) (Math.log(2) - LN2_HEAD);
    private static final int MANTISSA_BITS = 23;
    private static final int CAPACITY = 1024; // all arrays stay in the nearest cache

    private final float[] work;
    private final float[] powers;
    private final int[] bits;
    private final FloatBuffer asFloats;
    private final IntBuffer asBits;

    /** Makes the memory to work in, 16 KiB. */
    public HostExp() {
        work = new float[CAPACITY];
        powers = new float[CAPACITY];
        bits = new int[CAPACITY];
        ByteBuffer bytes =
                ByteBuffer.allocate(CAPACITY * Float.BYTES).order(ByteOrder.nativeOrder());
        asFloats = bytes.asFloatBuffer();
        asBits = bytes.asIntBuffer();
    }

    /**
     * Replaces values by their exponentials.
     *
     * @param values some of them are replaced
     * @param start index of the first
     * @param count how many, any number
     */
    public void apply(float[] values, int start, int count) {
        for (int from = start; from < start + count; from += CAPACITY) {
            int part = Math.min(CAPACITY, start + count - from);
            System.arraycopy(values, from, work, 0, part);
            limit(work, part);
            fractions(work, powers, part);
            series(work, part);
            asFloats.put(0, powers, 0, part);
            asBits.get(0, bits, 0, part);
            shift(bits, part);
            asBits.put(0, bits, 0, part);
            asFloats.get(0, powers, 0, part);
            scale(work, powers, part);
            System.arraycopy(work, 0, values, from, part);
        }
    }

    /** Three short loops, as the compiler takes fewer values at once in a long one. */
    private static void limit(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            values[i] = Math.min(Math.max(values[i], LEAST), LARGEST);
        }
    }

    private static void fractions(float[] values, float[] places, int count) {
        for (int i = 0; i < count; i++) {
            float x = values[i];
            float place = x * PER_BIT + PLACES;
            places[i] = place;
            float k = place - PLACES;
            values[i] = x - k * LN2_HEAD - k * LN2_TAIL;
        }
    }

    private static void series(float[] values, int count) {
        for (int i = 0; i < count; i++) {
            float r = values[i];
            float e = r * (1 / 5040f) + 1 / 720f;
            e = e * r + 1 / 120f;
            e = e * r + 1 / 24f;
            e = e * r + 1 / 6f;
            e = e * r + 0.5f;
            e = e * r + 1;
            values[i] = e * r + 1;
        }
    }

    private static void shift(int[] bits, int count) {
        for (int i = 0; i < count; i++) {
            bits[i] <<= MANTISSA_BITS;
        }
    }

    private static void scale(float[] values, float[] powers, int count) {
        for (int i = 0; i < count; i++) {
            values[i] *= powers[i];
        }
    }
}
