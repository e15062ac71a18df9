package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.learningdynamics.lm.template.ExpressionLexer.Kind;
import org.learningdynamics.lm.template.ExpressionLexer.Token;

/** Reads expressions, the operators that bind least first. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;
    private static final Set<String> ORDER = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream in;
    private int depth;

    ExpressionParser(TokenStream in) {
        this.in = in;
    }

    /** An expression, with a condition behind it if there is one. */
    Expression parse() {
        if (++depth > MAX_DEPTH) {
            throw in.refusal("expressions must be nested at most " + MAX_DEPTH + " deep");
        }
        Expression value = either();
        while (in.accept("if")) {
            Expression then = value;
            Expression condition = either();
            Expression otherwise =
                    in.accept("else") ? parse() : scope -> new Undefined("the missing else");
            value =
                    scope ->
                            (Values.isTrue(condition.evaluate(scope)) ? then : otherwise)
                                    .evaluate(scope);
        }
        depth--;
        return value;
    }

    /** An expression without a condition behind it, as in for … in … if. */
    Expression either() {
        Expression left = both();
        while (in.accept("or")) {
            Expression a = left;
            Expression b = both();
            left =
                    scope -> {
                        Object value = a.evaluate(scope);
                        return Values.isTrue(value) ? value : b.evaluate(scope);
                    };
        }
        return left;
    }

    private Expression both() {
        Expression left = negated();
        while (in.accept("and")) {
            Expression a = left;
            Expression b = negated();
            left =
                    scope -> {
                        Object value = a.evaluate(scope);
                        return Values.isTrue(value) ? b.evaluate(scope) : value;
                    };
        }
        return left;
    }

    private Expression negated() {
        int nots = 0;
        while (in.peek().is("not")) {
            in.next();
            nots++;
        }
        Expression value = comparison();
        if (nots == 0) {
            return value;
        }
        boolean odd = nots % 2 == 1;
        return scope -> Values.isTrue(value.evaluate(scope)) != odd;
    }

    /** a &lt; b &lt; c means that both hold. */
    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            if (in.peek().kind() == Kind.OPERATOR && ORDER.contains(in.peek().text())) {
                operators.add(in.next().text());
            } else if (in.accept("in")) {
                operators.add("in");
            } else if (in.peek().is("not") && in.peekSecond().is("in")) {
                in.next();
                in.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : scope -> compare(scope, first, operators, others);
    }

    private static boolean compare(
            Scope scope, Expression first, List<String> operators, List<Expression> others) {
        Object left = first.evaluate(scope);
        for (int i = 0; i < operators.size(); i++) {
            Object right = others.get(i).evaluate(scope);
            if (!Operators.holds(operators.get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Expression sum() {
        Expression left = joined();
        while (in.peek().is("+") || in.peek().is("-")) {
            left = binary(in.next().text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        Expression left = product();
        while (in.peek().is("~")) {
            left = binary(in.next().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = signed();
        while (in.peek().is("*") || in.peek().is("/") || in.peek().is("//") || in.peek().is("%")) {
            left = binary(in.next().text(), left, signed());
        }
        return left;
    }

    private static Expression binary(String operator, Expression a, Expression b) {
        return scope ->
                Operators.apply(operator, a.evaluate(scope), b.evaluate(scope), scope.budget());
    }

    private Expression signed() {
        if (in.peek().is("-") || in.peek().is("+")) {
            boolean minus = in.next().text().equals("-");
            Expression value = new PostfixParser(in, this).filtered(power());
            return scope -> Operators.signed(minus, value.evaluate(scope));
        }
        return new PostfixParser(in, this).filtered(power());
    }

    private Expression power() {
        Expression base = new PostfixParser(in, this).postfix(primary());
        while (in.peek().is("**")) {
            in.next();
            boolean minus = in.accept("-");
            Expression written = new PostfixParser(in, this).postfix(primary());
            Expression exponent =
                    minus ? scope -> Operators.signed(true, written.evaluate(scope)) : written;
            base = binary("**", base, exponent);
        }
        return base;
    }

    Expression primary() {
        Token token = in.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case INTEGER -> constant(integer(token.text()));
            case FLOAT -> constant(Double.valueOf(token.text()));
            case STRING -> constant(strings(token.text()));
            case OPERATOR -> bracket(token.text());
            case END -> throw in.refusal("expected an expression, got the end of the tag");
        };
    }

    private Long integer(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw in.refusal("integers must have at most 64 bits, got " + text);
        }
    }

    /** Strings beside each other are one. */
    private String strings(String first) {
        StringBuilder text = new StringBuilder(first);
        while (in.peek().kind() == Kind.STRING) {
            text.append(in.next().text());
        }
        return text.toString();
    }

    private static Expression constant(Object value) {
        return scope -> value;
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(Absent.NONE);
            default -> scope -> scope.get(name);
        };
    }

    private Expression bracket(String open) {
        return switch (open) {
            case "(" -> parenthesis();
            case "[" -> list(values("]"));
            case "{" -> mapping();
            default -> throw in.refusal("expected an expression, got " + open);
        };
    }

    private Expression parenthesis() {
        if (in.accept(")")) {
            return list(List.of());
        }
        Expression first = parse();
        if (in.accept(")")) {
            return first;
        }
        in.expect(",");
        List<Expression> all = new ArrayList<>(List.of(first));
        all.addAll(values(")"));
        return list(all);
    }

    /** Values with commas up to a closing bracket. */
    private List<Expression> values(String close) {
        List<Expression> values = new ArrayList<>();
        while (!in.accept(close)) {
            values.add(parse());
            if (!in.peek().is(close)) {
                in.expect(",");
            }
        }
        return values;
    }

    private static Expression list(List<Expression> values) {
        return scope -> {
            List<Object> list = new ArrayList<>(values.size());
            values.forEach(value -> list.add(value.evaluate(scope)));
            return list;
        };
    }

    private Expression mapping() {
        Map<Expression, Expression> entries = new LinkedHashMap<>();
        while (!in.accept("}")) {
            Expression key = parse();
            in.expect(":");
            entries.put(key, parse());
            if (!in.peek().is("}")) {
                in.expect(",");
            }
        }
        return scope -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            entries.forEach((key, value) -> map.put(key.evaluate(scope), value.evaluate(scope)));
            return map;
        };
    }
}
