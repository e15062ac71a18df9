package org.learningdynamics.measure;

import java.util.Arrays;

/**
 * The largest value of many, where it stands, and the next one. Every {@value #LANES}th value makes
 * a lane; the largest of each are found together, by vector instructions, and only the lane of the
 * largest is looked through for the next. One thread only.
 */
final class TopTwo {
    private static final int LANES = 512;

    private final double[] block = new double[LANES];
    private final double[] tops = new double[LANES];
    private int index;
    private double largest;
    private double second;

    /**
     * Looks through values; NaN are passed over.
     *
     * @param values at least one
     */
    void find(double[] values) {
        Arrays.fill(tops, Double.NEGATIVE_INFINITY);
        for (int from = 0; from < values.length; from += LANES) {
            int count = Math.min(LANES, values.length - from);
            System.arraycopy(values, from, block, 0, count);
            raise(tops, block, count);
        }
        int lanes = Math.min(LANES, values.length);
        double top = tops[0];
        for (int lane = 1; lane < lanes; lane++) {
            top = Math.max(top, tops[lane]);
        }
        if (Double.isNaN(top)) {
            findOneByOne(values);
        } else {
            largest = top;
            findRest(values, lanes);
        }
    }

    private static void raise(double[] tops, double[] block, int count) {
        for (int i = 0; i < count; i++) {
            tops[i] = Math.max(tops[i], block[i]);
        }
    }

    /** The first place of the largest value, and what is largest elsewhere. */
    private void findRest(double[] values, int lanes) {
        index = values.length;
        for (int lane = 0; lane < lanes; lane++) {
            if (tops[lane] == largest) {
                int v = lane;
                while (values[v] != largest) {
                    v += LANES;
                }
                index = Math.min(index, v);
            }
        }
        second = Double.NEGATIVE_INFINITY;
        int own = index % LANES;
        for (int v = own; v < values.length; v += LANES) {
            second = v == index ? second : Math.max(second, values[v]);
        }
        for (int lane = 0; lane < lanes; lane++) {
            second = lane == own ? second : Math.max(second, tops[lane]);
        }
    }

    private void findOneByOne(double[] values) {
        largest = Double.NEGATIVE_INFINITY;
        second = Double.NEGATIVE_INFINITY;
        index = 0;
        for (int v = 0; v < values.length; v++) {
            double z = values[v];
            if (z > second) {
                second = z > largest ? largest : z;
                index = z > largest ? v : index;
                largest = Math.max(largest, z);
            }
        }
    }

    /** Place of the largest value, the lowest on ties; 0 if there is no number above −∞. */
    int index() {
        return index;
    }

    /** −∞ if there is no number. */
    double largest() {
        return largest;
    }

    /** The largest value of all other places; −∞ if there is no number. */
    double second() {
        return second;
    }
}
