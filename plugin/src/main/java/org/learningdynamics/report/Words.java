package org.learningdynamics.report;

import java.util.List;
import java.util.Locale;
import org.learningdynamics.series.Interval;

/** Numbers as they stand in sentences and tables. */
final class Words {
    private Words() {}

    /** About three significant digits with a sign, as in {@code -3.21}. */
    static String signed(double number) {
        return number(number, Math.abs(number), "+");
    }

    /** About three significant digits, as in {@code 3.21}. */
    static String level(double number) {
        return number(number, Math.abs(number), "");
    }

    /** As in {@code -3.21 [-4.02, -2.40]}. */
    static String change(Interval interval) {
        return interval(interval, "+");
    }

    /** As in {@code 3.21 [2.40, 4.02]}. */
    static String level(Interval interval) {
        return interval(interval, "");
    }

    /** Mean and ends with the same number of decimals. */
    private static String interval(Interval interval, String flag) {
        if (Double.isNaN(interval.low())) {
            return number(interval.mean(), Math.abs(interval.mean()), flag);
        }
        double size = Math.max(Math.abs(interval.low()), Math.abs(interval.high()));
        return String.format(
                Locale.ROOT,
                "%s [%s, %s]",
                number(interval.mean(), size, flag),
                number(interval.low(), size, flag),
                number(interval.high(), size, flag));
    }

    private static String number(double number, double size, String flag) {
        if (Double.isNaN(number)) {
            return "n/a";
        }
        if (size == 0) {
            return "0";
        }
        int decimals = size >= 100 ? 1 : size >= 0.995 ? 2 : size >= 0.0995 ? 3 : 4;
        return String.format(Locale.ROOT, "%" + flag + "." + decimals + "f", number);
    }

    /** As in {@code 97.8 %}. */
    static String percent(double share) {
        return Double.isNaN(share) ? "n/a" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A sentence as it stands after a colon; words in capitals stay. */
    static String uncapitalised(String text) {
        boolean word = text.length() > 1 && Character.isLowerCase(text.charAt(1));
        return word ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
    }

    /** As in {@code a}, {@code a and b} or {@code a, b and c}. */
    static String list(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    /** As in {@code 1 run} or {@code 3 runs}. */
    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
