package org.learningdynamics.export;

import java.util.regex.Pattern;

/**
 * Numbers as text that gives back the same number: Java's shortest forms, {@code NaN}, {@code
 * Infinity} and {@code -Infinity}.
 */
final class Numbers {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    private static final Pattern DECIMAL =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int SHOWN = 60;

    private Numbers() {}

    static long whole(String name, String text) {
        if (WHOLE.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        name + " must be a whole number of 64 bits, got " + show(text), e);
            }
        }
        throw new IllegalArgumentException(
                name + " must be a whole number of 64 bits, got " + show(text));
    }

    /** A decimal, NaN or an infinity. */
    static double real(String name, String text) {
        return isSpecial(text) ? Double.parseDouble(text) : finite(name, text);
    }

    static float single(String name, String text) {
        if (isSpecial(text)) {
            return Float.parseFloat(text);
        }
        requireDecimal(name, text);
        float value = Float.parseFloat(text);
        if (Float.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " must be a number of single precision, got " + show(text));
        }
        return value;
    }

    /** A decimal that does not overflow. */
    static double finite(String name, String text) {
        requireDecimal(name, text);
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    name + " must be a number of double precision, got " + show(text));
        }
        return value;
    }

    private static void requireDecimal(String name, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " must be a number, got " + show(text));
        }
    }

    static boolean isSpecial(String text) {
        return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    }

    /** A text in quotes, its end left out where it is long. */
    static String show(String text) {
        return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\"";
    }
}
