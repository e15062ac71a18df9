package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;

/** Text of the recordings as it may stand on a terminal: no control characters, known width. */
final class TerminalText {
    private static final String CUT = "…";

    private TerminalText() {}

    /**
     * Replaces what could steer a terminal or turn its writing direction: control characters of
     * both blocks, format characters, separators of lines, halves of surrogate pairs.
     */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
    }

    /** Columns that a text takes, where East Asian letters and pictures take two. */
    static int width(String text) {
        return text.codePoints().map(TerminalText::width).sum();
    }

    private static int width(int letter) {
        int type = Character.getType(letter);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide =
                (letter >= 0x1100 && letter <= 0x115F)
                        || (letter >= 0x2E80 && letter <= 0xA4CF)
                        || (letter >= 0xAC00 && letter <= 0xD7A3)
                        || (letter >= 0xF900 && letter <= 0xFAFF)
                        || (letter >= 0xFE30 && letter <= 0xFE6F)
                        || (letter >= 0xFF00 && letter <= 0xFF60)
                        || (letter >= 0xFFE0 && letter <= 0xFFE6)
                        || (letter >= 0x1F300 && letter <= 0x1FAFF)
                        || (letter >= 0x20000 && letter <= 0x3FFFD);
        return wide ? 2 : 1;
    }

    /** The text if it fits, else its beginning and an ellipsis. */
    static String clip(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int left = columns - 1;
        for (int letter : text.codePoints().toArray()) {
            left -= width(letter);
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(letter);
        }
        return columns < 1 ? "" : kept + CUT;
    }

    /** Clipped and filled with spaces on the right. */
    static String left(String text, int columns) {
        String kept = clip(text, columns);
        return kept + " ".repeat(Math.max(0, columns - width(kept)));
    }

    /** Clipped and filled with spaces on the left. */
    static String right(String text, int columns) {
        String kept = clip(text, columns);
        return " ".repeat(Math.max(0, columns - width(kept))) + kept;
    }

    /** Breaks a text at spaces; a word that is too long is clipped. */
    static List<String> wrap(String text, int columns, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && width(line.toString()) + 1 + width(word) > columns) {
                lines.add(clip(line.toString(), columns));
                line = new StringBuilder(indent + word);
            } else {
                line.append(line.length() == 0 ? "" : " ").append(word);
            }
        }
        lines.add(clip(line.toString(), columns));
        return lines;
    }
}
