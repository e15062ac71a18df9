package org.learningdynamics.export;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses one line of a metrics file: a flat JSON object of numbers, in which Python writes {@code
 * NaN}, {@code Infinity} and {@code -Infinity} as bare tokens. Keys have no escapes.
 */
final class MetricsLine {
    private final String text;
    private int at;

    private MetricsLine(String text) {
        this.text = text;
    }

    /** The numbers by key, in order; says rule, value and column of what is wrong. */
    static Map<String, Double> parse(String text) {
        return new MetricsLine(text).object();
    }

    private Map<String, Double> object() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        expect('{');
        do {
            String key = key();
            expect(':');
            if (numbers.put(key, number(key)) != null) {
                throw bad("key must occur once", Numbers.show(key) + " twice");
            }
        } while (accept(','));
        expect('}');
        if (at < text.length()) {
            throw bad("line must be one object", Numbers.show(text.substring(at)));
        }
        return numbers;
    }

    private String key() {
        expect('"');
        int end = text.indexOf('"', at);
        if (end < 0) {
            throw bad("key must be closed by a quote", "the end of the line");
        }
        String key = text.substring(at, end);
        at = end + 1;
        skipSpace();
        if (key.isBlank() || key.chars().anyMatch(c -> c == '\\' || c < ' ')) {
            throw bad("key must be plain text", Numbers.show(key));
        }
        return key;
    }

    private double number(String key) {
        int start = at;
        while (at < text.length() && ",} \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        double value = Numbers.real(key, text.substring(start, at));
        skipSpace();
        return value;
    }

    private boolean accept(char expected) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == expected) {
            at++;
            skipSpace();
            return true;
        }
        return false;
    }

    private void expect(char expected) {
        if (!accept(expected)) {
            String got = at < text.length() ? "'" + text.charAt(at) + "'" : "the end of the line";
            throw bad("object must have '" + expected + "' here", got);
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException bad(String rule, String value) {
        return new IllegalArgumentException(rule + " (column " + (at + 1) + "), got " + value);
    }
}
