package org.learningdynamics.series;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The quantile of Student's t distribution that two-sided 95 % intervals need. */
final class StudentT {
    private static final double NORMAL_975 = 1.959963984540054;
    private static final Map<Integer, Double> KNOWN = new ConcurrentHashMap<>();

    private StudentT() {}

    /**
     * The 97.5 % quantile, by bisection on the exact distribution; its asymptotic series above 1000
     * degrees of freedom, where both agree to 1e-9.
     */
    static double quantile975(int degrees) {
        if (degrees < 1) {
            throw new IllegalArgumentException("degrees must be >= 1, got " + degrees);
        }
        if (degrees > 1000) {
            return asymptotic(NORMAL_975, degrees);
        }
        return KNOWN.computeIfAbsent(degrees, StudentT::bisect);
    }

    private static double bisect(int degrees) {
        double low = 1.9;
        double high = 12.8;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (upperTail(middle, degrees) > 0.025) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double asymptotic(double z, int degrees) {
        double cube = z * z * z;
        double first = (cube + z) / 4;
        double second = (5 * cube * z * z + 16 * cube + 3 * z) / 96;
        return z + first / degrees + second / degrees / degrees;
    }

    /**
     * P(T > t) for t > 0 by the finite sums for integer degrees of freedom (Abramowitz and Stegun
     * 26.7.3 and 26.7.4).
     */
    static double upperTail(double t, int degrees) {
        double theta = Math.atan(t / Math.sqrt(degrees));
        double inside = degrees % 2 == 1 ? oddInside(theta, degrees) : evenInside(theta, degrees);
        return (1 - inside) / 2;
    }

    private static double oddInside(double theta, int degrees) {
        double cosine = Math.cos(theta);
        double sum = 0;
        double term = cosine;
        for (int k = 3; k <= degrees; k += 2) {
            sum += term;
            term *= (k - 1.0) / k * cosine * cosine;
        }
        return 2 / Math.PI * (theta + Math.sin(theta) * sum);
    }

    private static double evenInside(double theta, int degrees) {
        double cosine = Math.cos(theta);
        double sum = 0;
        double term = 1;
        for (int k = 2; k <= degrees; k += 2) {
            sum += term;
            term *= (k - 1.0) / k * cosine * cosine;
        }
        return Math.sin(theta) * sum;
    }
}
