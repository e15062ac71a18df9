package org.learningdynamics.samples.pictures;

import java.util.Locale;

/** Text and numbers as XML and SVG take them. */
final class Markup {
    private Markup() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A coordinate. */
    static String at(double value) {
        return format("%.1f", value);
    }

    /** A number for people: four significant digits, without trailing zeros. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        boolean plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5;
        String text = format(plain ? "%.4g" : "%.3e", value);
        return plain && text.contains(".")
                ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
                : text;
    }

    /** A format whose digits are the same everywhere. */
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String text(double x, double y, String anchor, String words) {
        return format(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n",
                at(x), at(y), anchor, escape(words));
    }
}
