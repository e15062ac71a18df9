package org.learningdynamics.report;

/**
 * Small whole numbers as text: a fixed number of characters each, of 90 printable ones that JSON
 * and HTML leave alone, the most significant first.
 */
final class Packed {
    static final int BASE = 90;

    private static final String DIGITS = digits();

    private Packed() {}

    private static String digits() {
        StringBuilder digits = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            if ("\"\\<>&".indexOf(c) < 0) {
                digits.append(c);
            }
        }
        return digits.toString();
    }

    /**
     * Packs numbers.
     *
     * @param values from 0 on, below 90 to the power of {@code width}
     * @param width characters a number
     */
    static String of(int[] values, int width) {
        char[] text = new char[values.length * width];
        for (int i = 0; i < values.length; i++) {
            int left = values[i];
            for (int at = width - 1; at >= 0; at--) {
                text[i * width + at] = DIGITS.charAt(Math.floorMod(left, BASE));
                left /= BASE;
            }
            if (left != 0 || values[i] < 0) {
                throw new IllegalArgumentException(
                        "packed numbers must fit " + width + " characters, got " + values[i]);
            }
        }
        return new String(text);
    }

    /** The characters, for whoever unpacks. */
    static String alphabet() {
        return DIGITS;
    }
}
