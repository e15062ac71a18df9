package org.learningdynamics.report;

import java.util.Collection;
import org.learningdynamics.series.Interval;

/**
 * Writes JSON that may stand inside a script element: besides what JSON asks for, {@code <}, {@code
 * >}, {@code &}, U+2028 and U+2029 are escaped, as are control characters and halves of surrogate
 * pairs. Numbers have at most six significant digits; NaN and infinities are null.
 */
final class Json {
    private static final int DIGITS = 6;
    private static final double[] POWERS = powers();

    private final StringBuilder out = new StringBuilder(1 << 16);
    private boolean first = true;

    private static double[] powers() {
        double[] powers = new double[23];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Double.parseDouble("1e" + i);
        }
        return powers;
    }

    Json object() {
        return open('{');
    }

    Json endObject() {
        return close('}');
    }

    Json array() {
        return open('[');
    }

    Json endArray() {
        return close(']');
    }

    Json key(String name) {
        separate();
        quote(name);
        out.append(':');
        first = true;
        return this;
    }

    Json value(String text) {
        separate();
        quote(text);
        return this;
    }

    Json value(long number) {
        separate();
        out.append(number);
        return this;
    }

    Json value(boolean flag) {
        separate();
        out.append(flag);
        return this;
    }

    Json value(double number) {
        separate();
        number(number);
        return this;
    }

    Json values(double... numbers) {
        array();
        for (double number : numbers) {
            value(number);
        }
        return endArray();
    }

    Json values(Collection<String> texts) {
        array();
        texts.forEach(this::value);
        return endArray();
    }

    /** An array of mean, low, high and count. */
    Json value(Interval interval) {
        return array().value(interval.mean())
                .value(interval.low())
                .value(interval.high())
                .value(interval.count())
                .endArray();
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private Json open(char bracket) {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    private Json close(char bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void number(double number) {
        double size = Math.abs(number);
        if (!(size < 1e300)) {
            out.append("null");
        } else if (size < 1e-15) {
            out.append('0');
        } else if (size >= 1e15) {
            out.append(number);
        } else {
            int exponent = (int) Math.floor(StrictMath.log10(size));
            int scale = Math.max(0, DIGITS - 1 - exponent);
            decimal(number < 0, Math.round(size * POWERS[scale]), scale);
        }
    }

    /** Writes {@code mantissa / 10^scale} without trailing zeros. */
    private void decimal(boolean negative, long mantissa, int scale) {
        long digits = mantissa;
        int decimals = scale;
        while (decimals > 0 && digits % 10 == 0) {
            digits /= 10;
            decimals--;
        }
        if (negative && digits != 0) {
            out.append('-');
        }
        String text = Long.toString(digits);
        if (decimals == 0) {
            out.append(text);
            return;
        }
        String padded = "0".repeat(Math.max(0, decimals + 1 - text.length())) + text;
        int point = padded.length() - decimals;
        out.append(padded, 0, point).append('.').append(padded, point, padded.length());
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) {
                out.append(c).append(text.charAt(++i));
            } else if (isUnsafe(c)) {
                escape(c);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean isUnsafe(char c) {
        return c < ' '
                || c == '"'
                || c == '\\'
                || c == '<'
                || c == '>'
                || c == '&'
                || (c >= '\u007f' && c <= '\u009f')
                || c == '\u2028'
                || c == '\u2029'
                || c == '\ufeff'
                || Character.isSurrogate(c);
    }

    private void escape(char c) {
        String hex = Integer.toHexString(c);
        out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
    }
}
