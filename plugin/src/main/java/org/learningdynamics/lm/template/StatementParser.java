package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.lm.template.Statement.Flow;
import org.learningdynamics.lm.template.TemplateLexer.Kind;
import org.learningdynamics.lm.template.TemplateLexer.Tag;

/** Reads blocks and what they hold. */
final class StatementParser {
    private static final int MAX_DEPTH = 100;

    private final List<Tag> tags;
    private int at;
    private int depth;

    StatementParser(List<Tag> tags) {
        this.tags = tags;
    }

    List<Statement> parse() {
        List<Statement> statements = nested();
        if (at < tags.size()) {
            Tag tag = tags.get(at);
            throw new TemplateException("line " + tag.line() + ": unexpected " + name(tag));
        }
        return statements;
    }

    /** Statements up to a block that ends this one or goes on with it, which is not read. */
    private List<Statement> nested() {
        if (++depth > MAX_DEPTH) {
            throw new TemplateException(
                    "line " + tags.get(at).line() + ": blocks must be nested at most " + MAX_DEPTH);
        }
        List<Statement> statements = new ArrayList<>();
        while (at < tags.size()) {
            Tag tag = tags.get(at);
            String name = name(tag);
            if (name.startsWith("end") || name.startsWith("el")) {
                break;
            }
            at++;
            statements.add(statement(tag));
        }
        depth--;
        return statements;
    }

    private static String name(Tag tag) {
        return tag.kind() == Kind.BLOCK ? tag.content().split("[\\s(]", 2)[0] : "";
    }

    private Statement statement(Tag tag) {
        if (tag.kind() == Kind.TEXT) {
            return text(tag.content());
        }
        TokenStream in = new TokenStream(tag.content(), tag.line());
        if (tag.kind() == Kind.OUTPUT) {
            Expression value = expression(in);
            return (scope, output) -> {
                output.append(Values.text(value.evaluate(scope)));
                return Flow.NEXT;
            };
        }
        return block(in, in.name());
    }

    private static Statement text(String text) {
        return (scope, output) -> {
            output.append(text);
            return Flow.NEXT;
        };
    }

    private static Expression expression(TokenStream in) {
        Expression value = new ExpressionParser(in).parse();
        in.end();
        return value;
    }

    private Statement block(TokenStream in, String name) {
        return switch (name) {
            case "if" -> condition(in);
            case "for" -> loop(in);
            case "set" -> assignment(in);
            case "macro" -> macro(in);
            case "generation" -> all(body("generation"));
            case "break" -> (scope, output) -> Flow.BREAK;
            case "continue" -> (scope, output) -> Flow.CONTINUE;
            default -> throw in.refusal("the block " + name + " is not supported");
        };
    }

    private static Statement all(List<Statement> statements) {
        return (scope, output) -> Statement.renderAll(statements, scope, output);
    }

    /** Statements up to the end of this block, which is read. */
    private List<Statement> body(String block) {
        List<Statement> statements = nested();
        end(block);
        return statements;
    }

    private void end(String block) {
        if (at == tags.size() || !name(tags.get(at)).equals("end" + block)) {
            String found = at == tags.size() ? "the end" : tags.get(at).content();
            int line = at == 0 ? 1 : tags.get(Math.min(at, tags.size() - 1)).line();
            throw new TemplateException(
                    "line " + line + ": expected end" + block + ", got " + found);
        }
        at++;
    }

    private Statement condition(TokenStream in) {
        Expression condition = expression(in);
        List<Statement> then = nested();
        List<Statement> otherwise = List.of();
        Tag next = at < tags.size() ? tags.get(at) : new Tag(Kind.BLOCK, "endif", 0);
        if (name(next).equals("elif")) {
            at++;
            TokenStream rest = new TokenStream(next.content(), next.line());
            rest.next();
            otherwise = List.of(condition(rest));
        } else {
            if (name(next).equals("else")) {
                at++;
                otherwise = nested();
            }
            end("if");
        }
        List<Statement> no = otherwise;
        return (scope, output) ->
                Statement.renderAll(
                        Values.isTrue(condition.evaluate(scope)) ? then : no, scope, output);
    }

    private Statement loop(TokenStream in) {
        List<String> names = names(in);
        in.expect("in");
        ExpressionParser expressions = new ExpressionParser(in);
        Expression values = expressions.either();
        Optional<Expression> wanted =
                in.accept("if") ? Optional.of(expressions.either()) : Optional.empty();
        in.end();
        List<Statement> body = nested();
        List<Statement> otherwise = List.of();
        if (at < tags.size() && name(tags.get(at)).equals("else")) {
            at++;
            otherwise = nested();
        }
        end("for");
        return new ForLoop(names, values, wanted, body, otherwise);
    }

    private static List<String> names(TokenStream in) {
        boolean bracket = in.accept("(");
        List<String> names = new ArrayList<>(List.of(in.name()));
        while (in.accept(",")) {
            names.add(in.name());
        }
        if (bracket) {
            in.expect(")");
        }
        return names;
    }

    private Statement assignment(TokenStream in) {
        List<String> names = names(in);
        if (in.accept(".")) {
            String attribute = in.name();
            in.expect("=");
            Expression value = expression(in);
            return (scope, output) -> attribute(scope, names.get(0), attribute, value);
        }
        if (in.accept("=")) {
            Expression value = assigned(in);
            return (scope, output) -> {
                ForLoop.assign(names, value.evaluate(scope), scope);
                return Flow.NEXT;
            };
        }
        in.end();
        List<Statement> body = body("set");
        return (scope, output) -> {
            Output inner = new Output(scope.budget());
            Statement.renderAll(body, scope.inner(), inner);
            scope.set(names.get(0), inner.text());
            return Flow.NEXT;
        };
    }

    /** Values with commas between them are a list. */
    private static Expression assigned(TokenStream in) {
        List<Expression> values = new ArrayList<>();
        do {
            values.add(new ExpressionParser(in).parse());
        } while (in.accept(","));
        in.end();
        return values.size() == 1
                ? values.get(0)
                : scope -> values.stream().map(value -> value.evaluate(scope)).toList();
    }

    private static Flow attribute(Scope scope, String name, String attribute, Expression value) {
        if (scope.get(name) instanceof Namespace namespace) {
            namespace.attributes().put(attribute, value.evaluate(scope));
            return Flow.NEXT;
        }
        throw new TemplateException(name + " must be a namespace to set its " + attribute);
    }

    private Statement macro(TokenStream in) {
        String name = in.name();
        Map<String, Optional<Expression>> parameters = new LinkedHashMap<>();
        in.expect("(");
        while (!in.accept(")")) {
            String parameter = in.name();
            parameters.put(
                    parameter,
                    in.accept("=")
                            ? Optional.of(new ExpressionParser(in).parse())
                            : Optional.empty());
            if (!in.peek().is(")")) {
                in.expect(",");
            }
        }
        in.end();
        return new Macro(name, parameters, body("macro"));
    }
}
