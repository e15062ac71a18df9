package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Strings as Python treats them. */
final class Texts {
    private Texts() {}

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    static String strip(String text) {
        return stripStart(stripEnd(text));
    }

    static String stripStart(String text) {
        return stripStart(text, Texts::isSpace);
    }

    static String stripEnd(String text) {
        return stripEnd(text, Texts::isSpace);
    }

    static String stripStart(String text, IntPredicate dropped) {
        int from = 0;
        while (from < text.length() && dropped.test(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    static String stripEnd(String text, IntPredicate dropped) {
        int to = text.length();
        while (to > 0 && dropped.test(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    static List<Object> split(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int i = text.indexOf(separator); i >= 0; i = text.indexOf(separator, from)) {
            if (most >= 0 && parts.size() >= most) {
                break;
            }
            parts.add(text.substring(from, i));
            from = i + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Parts between runs of white space. */
    static List<Object> splitSpaces(String text) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isSpace(text.charAt(i))) {
                if (i > from) {
                    parts.add(text.substring(from, i));
                }
                from = i + 1;
            }
        }
        return parts;
    }

    static String capitalize(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Every word with a capital. */
    static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            title.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return title.toString();
    }

    static String replace(String text, String from, String to, Budget budget) {
        if (from.isEmpty()) {
            throw new TemplateException("replace needs a text to look for, got ''");
        }
        long count = split(text, from, -1).size() - 1L;
        budget.length(text.length() + count * (to.length() - from.length()));
        return text.replace(from, to);
    }
}
