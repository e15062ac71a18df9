package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** Methods of texts, lists and mappings that change nothing. */
final class Methods {
    private Methods() {}

    static Object call(Object target, Arguments arguments, Budget budget) {
        if (target instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        if (target instanceof String text) {
            return ofText(text, arguments, budget);
        }
        if (target instanceof LoopState loop && arguments.name().equals("cycle")) {
            return loop.cycle(arguments.values());
        }
        if (target instanceof List<?> list) {
            return ofList(list, arguments);
        }
        Object held = target instanceof Map<?, ?> ? attribute(target, arguments) : target;
        if (target instanceof Namespace) {
            held = attribute(target, arguments);
        }
        if (held instanceof Callable callable) {
            return callable.call(arguments.values(), arguments.named());
        }
        if (target instanceof Map<?, ?> map) {
            return ofMap(map, arguments);
        }
        throw unknown(arguments);
    }

    private static Object attribute(Object target, Arguments arguments) {
        return Items.attribute(target, arguments.name());
    }

    private static TemplateException unknown(Arguments arguments) {
        return new TemplateException("the method " + arguments.name() + " is not supported");
    }

    private static Object ofText(String text, Arguments arguments, Budget budget) {
        budget.length(text.length());
        return switch (arguments.name()) {
            case "strip" ->
                    Texts.stripEnd(
                            Texts.stripStart(text, stripped(arguments)), stripped(arguments));
            case "lstrip" -> Texts.stripStart(text, stripped(arguments));
            case "rstrip" -> Texts.stripEnd(text, stripped(arguments));
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> Texts.title(text);
            case "capitalize" -> Texts.capitalize(text);
            case "startswith" -> starts(text, arguments);
            case "endswith" -> ends(text, arguments);
            case "find" -> (long) text.indexOf(arguments.text(0, "sub"));
            case "count" -> Texts.split(text, arguments.text(0, "sub"), -1).size() - 1L;
            case "split" -> split(text, arguments);
            case "splitlines" -> new ArrayList<Object>(text.lines().toList());
            case "replace" ->
                    Texts.replace(text, arguments.text(0, "old"), arguments.text(1, "new"), budget);
            case "join" -> joined(text, arguments, budget);
            default -> throw unknown(arguments);
        };
    }

    private static IntPredicate stripped(Arguments arguments) {
        if (!arguments.has(0, "chars")) {
            return Texts::isSpace;
        }
        String characters = arguments.text(0, "chars");
        return c -> characters.indexOf(c) >= 0;
    }

    private static boolean starts(String text, Arguments arguments) {
        return arguments.get(0, "prefix") instanceof List<?> prefixes
                ? prefixes.stream().anyMatch(prefix -> text.startsWith(Values.text(prefix)))
                : text.startsWith(arguments.text(0, "prefix"));
    }

    private static boolean ends(String text, Arguments arguments) {
        return arguments.get(0, "suffix") instanceof List<?> suffixes
                ? suffixes.stream().anyMatch(suffix -> text.endsWith(Values.text(suffix)))
                : text.endsWith(arguments.text(0, "suffix"));
    }

    private static Object split(String text, Arguments arguments) {
        Object separator = arguments.get(0, "sep", Absent.NONE);
        if (separator == Absent.NONE) {
            return Texts.splitSpaces(text);
        }
        if (Values.text(separator).isEmpty()) {
            throw new TemplateException("split needs a text to split at, got ''");
        }
        long most = Values.integer(arguments.get(1, "maxsplit", -1L));
        return Texts.split(text, Values.text(separator), most);
    }

    private static Object joined(String separator, Arguments arguments, Budget budget) {
        List<String> parts =
                Values.iterate(arguments.get(0, "iterable")).stream().map(Values::text).toList();
        budget.length(parts.stream().mapToLong(p -> (long) p.length() + separator.length()).sum());
        return String.join(separator, parts);
    }

    private static Object ofList(List<?> list, Arguments arguments) {
        Object value = arguments.get(0, "value");
        return switch (arguments.name()) {
            case "count" -> list.stream().filter(x -> Values.areEqual(x, value)).count();
            case "index" -> {
                for (int i = 0; i < list.size(); i++) {
                    if (Values.areEqual(list.get(i), value)) {
                        yield (long) i;
                    }
                }
                throw new TemplateException(Values.repr(value) + " is not in the list");
            }
            default -> throw unknown(arguments);
        };
    }

    private static Object ofMap(Map<?, ?> map, Arguments arguments) {
        return switch (arguments.name()) {
            case "items" -> items(map);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            case "get" -> {
                Object value = map.get(arguments.get(0, "key"));
                yield value == null ? arguments.get(1, "default", Absent.NONE) : value;
            }
            default -> throw unknown(arguments);
        };
    }

    static Map<?, ?> mapping(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value instanceof Undefined) {
            return Map.of();
        }
        throw new TemplateException("a mapping is needed, got " + Values.repr(value));
    }

    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(List.of(key, value)));
        return items;
    }
}
