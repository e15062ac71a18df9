package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The filters that templates use. */
final class Filters {
    private Filters() {}

    static Object apply(String name, Expression input, PostfixParser.Given given, Scope scope) {
        Object value = input.evaluate(scope);
        Arguments arguments = given.evaluate(name, scope);
        Budget budget = scope.budget();
        budget.read(value);
        return switch (name) {
            case "default", "d" -> otherwise(value, arguments);
            case "tojson" -> new JsonText(arguments.get(0, "indent", Absent.NONE)).of(value);
            case "string" -> Values.text(value);
            case "safe", "e", "escape" -> same(name, value);
            case "length", "count" -> Values.length(value);
            case "int" -> integer(value, arguments);
            case "float" -> Double.valueOf(Values.text(value));
            case "abs" -> Values.compare(value, 0L) < 0 ? Operators.signed(true, value) : value;
            case "items" -> Methods.items(Methods.mapping(value));
            case "dictsort" -> sortedItems(value);
            default -> text(name, value, arguments, budget, scope);
        };
    }

    /** Nothing is escaped, as no output is HTML. */
    private static Object same(String name, Object value) {
        if (name.equals("safe")) {
            return value;
        }
        throw unknown(name);
    }

    private static TemplateException unknown(String name) {
        return new TemplateException("the filter " + name + " is not supported");
    }

    private static Object text(
            String name, Object value, Arguments arguments, Budget budget, Scope scope) {
        return switch (name) {
            case "trim" -> Texts.strip(Values.text(value));
            case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
            case "title" -> Texts.title(Values.text(value));
            case "capitalize" -> Texts.capitalize(Values.text(value));
            case "indent" -> indented(Values.text(value), arguments, budget);
            case "replace" ->
                    Texts.replace(
                            Values.text(value),
                            arguments.text(0, "old"),
                            arguments.text(1, "new"),
                            budget);
            default -> list(name, value, arguments, scope);
        };
    }

    private static Object list(String name, Object value, Arguments arguments, Scope scope) {
        List<Object> values = Values.iterate(value);
        return switch (name) {
            case "list" -> values;
            case "first" -> values.isEmpty() ? new Undefined("the first of none") : values.get(0);
            case "last" ->
                    values.isEmpty()
                            ? new Undefined("the last of none")
                            : values.get(values.size() - 1);
            case "reverse" -> reversed(value, values);
            case "join" -> joined(values, arguments, scope.budget());
            case "unique" -> new ArrayList<>(new LinkedHashSet<>(values));
            case "sort" -> values.stream().sorted(Values::compare).toList();
            case "sum" -> values.stream().reduce(0L, (a, b) -> add(a, b, scope.budget()));
            case "map" -> mapped(values, arguments, scope);
            case "select" -> kept(values, v -> test(v, arguments, 0, scope));
            case "reject" -> kept(values, v -> !test(v, arguments, 0, scope));
            case "selectattr" -> kept(values, v -> test(part(v, arguments), arguments, 1, scope));
            case "rejectattr" -> kept(values, v -> !test(part(v, arguments), arguments, 1, scope));
            default -> throw unknown(name);
        };
    }

    private static Object add(Object a, Object b, Budget budget) {
        return Operators.apply("+", a, b, budget);
    }

    private static Object otherwise(Object value, Arguments arguments) {
        boolean missing =
                value instanceof Undefined
                        || (Values.isTrue(arguments.get(1, "boolean", false))
                                && !Values.isTrue(value));
        return missing ? arguments.get(0, "default_value", "") : value;
    }

    private static Object integer(Object value, Arguments arguments) {
        if (value instanceof String text) {
            try {
                return Long.valueOf(Texts.strip(text));
            } catch (NumberFormatException e) {
                return arguments.get(0, "default", 0L);
            }
        }
        return Values.isNumber(value)
                ? Values.number(value).longValue()
                : arguments.get(0, "default", 0L);
    }

    private static Object sortedItems(Object value) {
        Map<String, Object> map = Values.attributes(Methods.mapping(value));
        List<Object> items = new ArrayList<>();
        map.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey().toLowerCase(Locale.ROOT)))
                .forEach(e -> items.add(List.of(e.getKey(), e.getValue())));
        return items;
    }

    private static Object indented(String text, Arguments arguments, Budget budget) {
        Object width = arguments.get(0, "width", 4L);
        String space = width instanceof String s ? s : " ".repeat((int) Values.integer(width));
        boolean first = Values.isTrue(arguments.get(1, "first", false));
        boolean blank = Values.isTrue(arguments.get(2, "blank", false));
        StringBuilder indented = new StringBuilder();
        String[] lines = text.split("\n", -1);
        budget.length(text.length() + (long) lines.length * space.length());
        for (int i = 0; i < lines.length; i++) {
            boolean indent = i == 0 ? first : blank || !lines[i].isBlank();
            indented.append(i == 0 ? "" : "\n").append(indent ? space : "").append(lines[i]);
        }
        return indented.toString();
    }

    private static Object reversed(Object value, List<Object> values) {
        List<Object> reversed = new ArrayList<>(values);
        Collections.reverse(reversed);
        return value instanceof String
                ? reversed.stream().map(Values::text).collect(Collectors.joining())
                : reversed;
    }

    private static Object joined(List<Object> values, Arguments arguments, Budget budget) {
        String separator = arguments.text(0, "d", "");
        List<Object> parts =
                arguments.has(1, "attribute")
                        ? values.stream().map(v -> Items.get(v, arguments.get(1, ""))).toList()
                        : values;
        List<String> texts = parts.stream().map(Values::text).toList();
        budget.length(texts.stream().mapToLong(t -> (long) t.length() + separator.length()).sum());
        return String.join(separator, texts);
    }

    private static Object mapped(List<Object> values, Arguments arguments, Scope scope) {
        List<Object> mapped = new ArrayList<>();
        for (Object value : values) {
            if (arguments.named().containsKey("attribute")) {
                mapped.add(Items.get(value, arguments.get(9, "attribute")));
            } else {
                List<Expression> rest = constants(arguments, 1);
                PostfixParser.Given given = new PostfixParser.Given(rest, Map.of());
                mapped.add(apply(arguments.text(0, "filter"), s -> value, given, scope));
            }
        }
        return mapped;
    }

    private static Object part(Object value, Arguments arguments) {
        Object part = value;
        for (Object name : Texts.split(arguments.text(0, "attribute"), ".", -1)) {
            part = Items.get(part, name);
        }
        return part;
    }

    /** Whether a value passes the test that stands at a position, or is true if none does. */
    private static boolean test(Object value, Arguments arguments, int position, Scope scope) {
        if (!arguments.has(position, "test")) {
            return Values.isTrue(value);
        }
        PostfixParser.Given given =
                new PostfixParser.Given(constants(arguments, position + 1), Map.of());
        return Tests.holds(arguments.text(position, "test"), s -> value, given, scope);
    }

    private static List<Expression> constants(Arguments arguments, int from) {
        List<Expression> constants = new ArrayList<>();
        for (int i = from; i < arguments.values().size(); i++) {
            Object value = arguments.values().get(i);
            constants.add(scope -> value);
        }
        return constants;
    }

    private static List<Object> kept(List<Object> values, Predicate<Object> wanted) {
        return new ArrayList<>(values.stream().filter(wanted).toList());
    }
}
