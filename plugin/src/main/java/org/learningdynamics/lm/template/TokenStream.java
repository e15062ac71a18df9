package org.learningdynamics.lm.template;

import java.util.List;
import org.learningdynamics.lm.template.ExpressionLexer.Kind;
import org.learningdynamics.lm.template.ExpressionLexer.Token;

/** Tokens of one tag, read from the left. */
final class TokenStream {
    private final List<Token> tokens;
    private final int line;
    private int at;

    TokenStream(String content, int line) {
        tokens = new ExpressionLexer(content, line).tokens();
        this.line = line;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean accept(String text) {
        if (peek().is(text)) {
            next();
            return true;
        }
        return false;
    }

    void expect(String text) {
        if (!accept(text)) {
            throw unexpected(text);
        }
    }

    String name() {
        if (peek().kind() != Kind.NAME) {
            throw unexpected("a name");
        }
        return next().text();
    }

    void end() {
        if (peek().kind() != Kind.END) {
            throw unexpected("the end of the tag");
        }
    }

    TemplateException unexpected(String wanted) {
        return new TemplateException(
                "line " + line + ": expected " + wanted + ", got " + peek().text());
    }

    TemplateException refusal(String reason) {
        return new TemplateException("line " + line + ": " + reason);
    }
}
