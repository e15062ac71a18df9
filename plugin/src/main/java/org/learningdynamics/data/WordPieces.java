package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits text into words, single punctuation characters and line ends, and joins them again.
 *
 * <p>A word is a run of letters, marks, digits and underscores, with single apostrophes or hyphens
 * inside. Every line end (LF, CRLF, CR) is the piece "\n". Other white space only separates.
 */
final class WordPieces {
    static final String LINE_END = "\n";

    private static final String WORD = "[\\p{L}\\p{M}\\p{N}_]+";
    private static final Pattern PIECE =
            Pattern.compile("\r\n|[\r\n]|" + WORD + "(?:['’\\-]" + WORD + ")*|[^\\s\\p{Z}]");
    private static final String CLOSING = ".,;:!?)]}%…’”»";
    private static final String OPENING = "([{$#@‘“«";
    private static final String STRAIGHT_QUOTE = "\"";

    private WordPieces() {}

    static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            String piece = matcher.group();
            pieces.add(piece.startsWith("\r") ? LINE_END : piece);
        }
        return pieces;
    }

    /**
     * Joins pieces by single spaces, but with none at line ends, before closing and after opening
     * punctuation, and inside straight double quotes.
     */
    static String join(List<String> pieces) {
        StringBuilder text = new StringBuilder();
        boolean glue = true;
        boolean inQuotes = false;
        for (String piece : pieces) {
            boolean quote = piece.equals(STRAIGHT_QUOTE);
            boolean closes = piece.equals(LINE_END) || isIn(CLOSING, piece) || (quote && inQuotes);
            if (!glue && !closes) {
                text.append(' ');
            }
            text.append(piece);
            inQuotes ^= quote;
            glue = piece.equals(LINE_END) || isIn(OPENING, piece) || (quote && inQuotes);
        }
        return text.toString();
    }

    private static boolean isIn(String set, String piece) {
        return piece.length() == 1 && set.contains(piece);
    }
}
