package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.lm.template.ExpressionLexer.Kind;

/** Reads what follows a value: attributes, items, slices, calls, filters and tests. */
final class PostfixParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    PostfixParser(TokenStream in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            if (in.accept(".")) {
                result = attribute(result);
            } else if (in.accept("[")) {
                result = item(result);
            } else if (in.accept("(")) {
                result = call(result, given());
            } else {
                return result;
            }
        }
    }

    /** Filters and tests bind closer than operators. */
    Expression filtered(Expression value) {
        Expression result = value;
        while (true) {
            if (in.accept("|")) {
                String name = in.name();
                Given given = in.accept("(") ? given() : Given.NONE;
                Expression input = result;
                result = scope -> Filters.apply(name, input, given, scope);
            } else if (in.accept("is")) {
                result = test(result);
            } else if (in.accept("(")) {
                result = call(result, given());
            } else {
                return result;
            }
        }
    }

    private Expression attribute(Expression object) {
        if (in.peek().kind() == Kind.INTEGER) {
            long index = Long.parseLong(in.next().text());
            return scope -> Items.get(object.evaluate(scope), index);
        }
        String name = in.name();
        if (in.accept("(")) {
            Given given = given();
            return scope -> {
                Object target = object.evaluate(scope);
                Arguments arguments = given.evaluate(name, scope);
                return Methods.call(target, arguments, scope.budget());
            };
        }
        return scope -> Items.attribute(object.evaluate(scope), name);
    }

    private Expression item(Expression object) {
        Optional<Expression> from = in.peek().is(":") ? Optional.empty() : parsed();
        if (in.accept("]")) {
            Expression key = from.orElseThrow(() -> in.unexpected("an index"));
            return scope -> Items.get(object.evaluate(scope), key.evaluate(scope));
        }
        in.expect(":");
        boolean open = in.peek().is(":") || in.peek().is("]");
        Optional<Expression> to = open ? Optional.empty() : parsed();
        Optional<Expression> step =
                in.accept(":") && !in.peek().is("]") ? parsed() : Optional.empty();
        in.expect("]");
        return scope ->
                Items.slice(
                        object.evaluate(scope),
                        from.map(e -> e.evaluate(scope)),
                        to.map(e -> e.evaluate(scope)),
                        step.map(e -> e.evaluate(scope)));
    }

    private Optional<Expression> parsed() {
        return Optional.of(expressions.parse());
    }

    private static Expression call(Expression function, Given given) {
        return scope -> {
            Object target = function.evaluate(scope);
            Arguments arguments = given.evaluate("the function", scope);
            if (target instanceof Callable callable) {
                return callable.call(arguments.values(), arguments.named());
            }
            throw target instanceof Undefined undefined
                    ? undefined.refusal()
                    : new TemplateException(Values.repr(target) + " cannot be called");
        };
    }

    private Expression test(Expression value) {
        boolean not = in.accept("not");
        String name = in.name();
        Given given = Given.NONE;
        if (in.accept("(")) {
            given = given();
        } else if (takesArgument()) {
            Expression argument = postfix(bare());
            given = new Given(List.of(argument), Map.of());
        }
        Given arguments = given;
        return scope -> Tests.holds(name, value, arguments, scope) != not;
    }

    private boolean takesArgument() {
        return switch (in.peek().kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME ->
                    List.of("else", "or", "and", "is", "not", "in", "if").stream()
                            .noneMatch(in.peek()::is);
            case OPERATOR -> in.peek().is("[") || in.peek().is("{");
            case END -> false;
        };
    }

    private Expression bare() {
        return expressions.primary();
    }

    /** Arguments up to the closing bracket. */
    Given given() {
        List<Expression> values = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.accept(")")) {
            if (in.peek().kind() == Kind.NAME && in.peekSecond().is("=")) {
                String name = in.name();
                in.next();
                named.put(name, expressions.parse());
            } else {
                values.add(expressions.parse());
            }
            if (!in.peek().is(")")) {
                in.expect(",");
            }
        }
        return new Given(values, named);
    }

    /**
     * Arguments as written.
     *
     * @param values by position
     * @param named by name
     */
    record Given(List<Expression> values, Map<String, Expression> named) {
        static final Given NONE = new Given(List.of(), Map.of());

        Arguments evaluate(String name, Scope scope) {
            List<Object> evaluated = new ArrayList<>(values.size());
            values.forEach(value -> evaluated.add(value.evaluate(scope)));
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((key, value) -> byName.put(key, value.evaluate(scope)));
            return new Arguments(name, evaluated, byName);
        }
    }
}
