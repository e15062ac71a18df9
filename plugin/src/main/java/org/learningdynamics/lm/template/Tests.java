package org.learningdynamics.lm.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What may stand behind is. */
final class Tests {
    private Tests() {}

    static boolean holds(String name, Expression tested, PostfixParser.Given given, Scope scope) {
        Object value = tested.evaluate(scope);
        Arguments arguments = given.evaluate(name, scope);
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == Absent.NONE;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence", "iterable" -> isIterable(value);
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "integer" -> value instanceof Long || value instanceof Integer;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "callable" -> value instanceof Callable;
            case "odd" -> Math.floorMod(Values.integer(value), 2L) == 1;
            case "even" -> Math.floorMod(Values.integer(value), 2L) == 0;
            case "divisibleby" ->
                    Operators.apply("%", value, arguments.get(0, "num"), scope.budget()).equals(0L);
            case "lower" -> Values.text(value).equals(Values.text(value).toLowerCase(Locale.ROOT));
            case "upper" -> Values.text(value).equals(Values.text(value).toUpperCase(Locale.ROOT));
            default -> compares(name, value, arguments);
        };
    }

    private static boolean isIterable(Object value) {
        return value instanceof String
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Undefined;
    }

    private static boolean compares(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "in" -> Operators.holds("in", value, arguments.get(0, "seq"));
            case "eq", "equalto", "==", "sameas" ->
                    Operators.holds("==", value, arguments.get(0, "other"));
            case "ne", "!=" -> Operators.holds("!=", value, arguments.get(0, "other"));
            case "lt", "lessthan", "<" -> Operators.holds("<", value, arguments.get(0, "other"));
            case "le", "<=" -> Operators.holds("<=", value, arguments.get(0, "other"));
            case "gt", "greaterthan", ">" -> Operators.holds(">", value, arguments.get(0, "other"));
            case "ge", ">=" -> Operators.holds(">=", value, arguments.get(0, "other"));
            default -> throw new TemplateException("the test " + name + " is not supported");
        };
    }
}
