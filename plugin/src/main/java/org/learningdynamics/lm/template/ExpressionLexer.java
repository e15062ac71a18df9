package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts the inside of a tag into names, numbers, strings and operators. */
final class ExpressionLexer {
    private static final List<String> OPERATORS =
            List.of(
                    "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=",
                    "(", ")", "[", "]", "{", "}", ",", ".", ":", "|");

    private final String source;
    private final int line;
    private int at;

    ExpressionLexer(String source, int line) {
        this.source = source;
        this.line = line;
    }

    /**
     * One token.
     *
     * @param kind what it is
     * @param text its characters; of a string, what it means
     */
    record Token(Kind kind, String text) {
        boolean is(String operatorOrName) {
            return (kind == Kind.OPERATOR || kind == Kind.NAME) && text.equals(operatorOrName);
        }
    }

    enum Kind {
        NAME,
        INTEGER,
        FLOAT,
        STRING,
        OPERATOR,
        END
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (true) {
            while (at < source.length() && Texts.isSpace(source.charAt(at))) {
                at++;
            }
            if (at == source.length()) {
                tokens.add(new Token(Kind.END, "the end of the tag"));
                return tokens;
            }
            tokens.add(token());
        }
    }

    private Token token() {
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            return new Token(Kind.STRING, string(c));
        }
        if (Character.isDigit(c)) {
            return number();
        }
        if (Character.isJavaIdentifierStart(c) && c != '$') {
            int from = at;
            while (at < source.length() && isNamePart(source.charAt(at))) {
                at++;
            }
            return new Token(Kind.NAME, source.substring(from, at));
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                return new Token(Kind.OPERATOR, operator);
            }
        }
        throw new TemplateException("line " + line + ": unexpected character '" + c + "'");
    }

    private static boolean isNamePart(char c) {
        return Character.isJavaIdentifierPart(c) && c != '$';
    }

    private Token number() {
        int from = at;
        skipDigits();
        boolean fraction =
                at + 1 < source.length()
                        && source.charAt(at) == '.'
                        && Character.isDigit(source.charAt(at + 1));
        if (fraction) {
            at++;
            skipDigits();
        }
        String text = source.substring(from, at).replace("_", "");
        return new Token(fraction ? Kind.FLOAT : Kind.INTEGER, text);
    }

    private void skipDigits() {
        while (at < source.length()
                && (Character.isDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
    }

    private String string(char quote) {
        StringBuilder text = new StringBuilder();
        for (at++; at < source.length(); at++) {
            char c = source.charAt(at);
            if (c == quote) {
                at++;
                return text.toString();
            }
            if (c == '\\' && at + 1 < source.length()) {
                at++;
                escape(source.charAt(at), text);
            } else {
                text.append(c);
            }
        }
        throw new TemplateException("line " + line + ": a string is never closed");
    }

    private void escape(char c, StringBuilder text) {
        switch (c) {
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case '0' -> text.append('\0');
            case '\\', '\'', '"' -> text.append(c);
            case 'x' -> text.appendCodePoint(hex(2));
            case 'u' -> text.appendCodePoint(hex(4));
            case 'U' -> text.appendCodePoint(hex(8));
            case '\n' -> {}
            default -> text.append('\\').append(c);
        }
    }

    private int hex(int digits) {
        try {
            int code = Integer.parseInt(source.substring(at + 1, at + 1 + digits), 16);
            at += digits;
            return code;
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new TemplateException(
                    "line " + line + ": \\x, \\u and \\U need 2, 4 and 8 hexadecimal digits");
        }
    }
}
