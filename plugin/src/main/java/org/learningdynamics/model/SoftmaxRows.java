package org.learningdynamics.model;

import org.learningdynamics.measure.HostExp;

/** Softmax of rows that stand behind each other, and sums over a row. One instance a thread. */
final class SoftmaxRows {
    private static final int BLOCK = 128; // what float32 adds up before float64 does

    /** First values of a row up to which it is tried as it is, without its largest value. */
    private static final float NEAR = 8;

    /** Sums of exponentials up to which none was too large to be told. */
    private static final double MOST = 0x1p100;

    private final HostExp exp = new HostExp();

    /**
     * {@code exp(z − max z)}, at most 1.
     *
     * @param z the rows
     * @param from where the row starts
     * @param e is filled at the same places
     * @return max z
     */
    static float shift(float[] z, int from, float[] e, int length) {
        float top = largest(z, from, length);
        for (int i = from; i < from + length; i++) {
            e[i] = z[i] - top;
        }
        return top;
    }

    /**
     * Rows of moderate values, as most are, need no search for the largest. Their sum of
     * exponentials is at least that of the first value, and tells whether one was too large.
     */
    static boolean isModerate(float[] z, int from) {
        return Math.abs(z[from]) <= NEAR;
    }

    /** Whether a sum of exponentials of a row that was not shifted is right. */
    static boolean isWithin(double sum) {
        return sum <= MOST;
    }

    /** Replaces values by their exponentials. */
    void exponentials(float[] values, int from, int count) {
        exp.apply(values, from, count);
    }

    /** {@code π = e^z / Σ e^z}, row after row. */
    void probabilities(float[] z, float[] target, int length, int rows) {
        System.arraycopy(z, 0, target, 0, rows * length);
        for (int row = 0; row < rows; row++) {
            if (!isModerate(z, row * length)) {
                shift(z, row * length, target, length);
            }
        }
        exponentials(target, 0, rows * length);
        for (int row = 0; row < rows; row++) {
            int from = row * length;
            double sum = sum(target, from, length);
            if (!isWithin(sum)) {
                shift(z, from, target, length);
                exponentials(target, from, length);
                sum = sum(target, from, length);
            }
            scale(target, from, length, (float) (1 / sum));
        }
    }

    static void scale(float[] values, int from, int length, float factor) {
        for (int i = from; i < from + length; i++) {
            values[i] *= factor;
        }
    }

    static double sum(float[] values, int from, int length) {
        double sum = 0;
        for (int start = from; start < from + length; start += BLOCK) {
            sum += blockSum(values, start, Math.min(start + BLOCK, from + length));
        }
        return sum;
    }

    /** Eight sums side by side, as one alone would wait for each addition. */
    private static float blockSum(float[] v, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = from;
        for (; i <= to - 8; i += 8) {
            a += v[i];
            b += v[i + 1];
            c += v[i + 2];
            d += v[i + 3];
            e += v[i + 4];
            f += v[i + 5];
            g += v[i + 6];
            h += v[i + 7];
        }
        for (; i < to; i++) {
            a += v[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /** {@code Σ x·y} over a row. */
    static double product(float[] x, float[] y, int from, int length) {
        double sum = 0;
        for (int start = from; start < from + length; start += BLOCK) {
            sum += blockProduct(x, y, start, Math.min(start + BLOCK, from + length));
        }
        return sum;
    }

    private static float blockProduct(float[] x, float[] y, int from, int to) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            a += x[i] * y[i];
            b += x[i + 1] * y[i + 1];
            c += x[i + 2] * y[i + 2];
            d += x[i + 3] * y[i + 3];
        }
        for (; i < to; i++) {
            a += x[i] * y[i];
        }
        return (a + b) + (c + d);
    }

    /** Numbers only: a NaN is passed over, and found again in the sum of exponentials. */
    private static float largest(float[] v, int from, int length) {
        float a = v[from];
        float b = a;
        float c = a;
        float d = a;
        int i = from;
        int to = from + length;
        for (; i <= to - 4; i += 4) {
            a = v[i] > a ? v[i] : a;
            b = v[i + 1] > b ? v[i + 1] : b;
            c = v[i + 2] > c ? v[i + 2] : c;
            d = v[i + 3] > d ? v[i + 3] : d;
        }
        for (; i < to; i++) {
            a = v[i] > a ? v[i] : a;
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }
}
