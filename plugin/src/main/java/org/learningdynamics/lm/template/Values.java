package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Values as Python treats them: truth, text, comparison, iteration. */
final class Values {
    private Values() {}

    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return !(value instanceof Undefined) && value != Absent.NONE;
    }

    /** How a value is written into a text. */
    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : repr(value);
    }

    /** How a value is written within a list or a message. */
    static String repr(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value == Absent.NONE) {
            return "None";
        }
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> repr(e.getKey()) + ": " + repr(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        throw new TemplateException("a function, namespace or loop cannot be written as text");
    }

    private static String quoted(String text) {
        String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
        return quote
                + text.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                        .replace("'", quote.equals("'") ? "\\'" : "'")
                + quote;
    }

    static boolean areEqual(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!areEqual(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet())
                    && areEqual(List.copyOf(x.values()), inOrder(x.keySet(), y));
        }
        return Objects.equals(a, b) || (a instanceof Undefined && b instanceof Undefined);
    }

    private static List<Object> inOrder(Set<?> keys, Map<?, ?> map) {
        List<Object> values = new ArrayList<>();
        keys.forEach(key -> values.add(Items.get(map, key)));
        return values;
    }

    static int compare(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        if (a instanceof String x && b instanceof String y) {
            return Arrays.compare(x.codePoints().toArray(), y.codePoints().toArray());
        }
        throw new TemplateException(repr(a) + " and " + repr(b) + " have no order");
    }

    private static int compareNumbers(Object a, Object b) {
        Number x = number(a);
        Number y = number(b);
        return x instanceof Long && y instanceof Long
                ? Long.compare(x.longValue(), y.longValue())
                : Double.compare(x.doubleValue(), y.doubleValue());
    }

    /** Booleans count as numbers. */
    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static Number number(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Integer small) {
            return small.longValue();
        }
        if (value instanceof Number number) {
            return number;
        }
        throw new TemplateException("a number is needed, got " + repr(value));
    }

    static long integer(Object value) {
        if (number(value) instanceof Long integer) {
            return integer;
        }
        throw new TemplateException("an integer is needed, got " + repr(value));
    }

    /** The values of a list, the keys of a mapping, the characters of a text. */
    static List<Object> iterate(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            if (text.length() > JinjaTemplate.MAX_VALUES) {
                throw new TemplateException(
                        "a text must have a length <= "
                                + JinjaTemplate.MAX_VALUES
                                + " to go through its characters, got "
                                + text.length());
            }
            return new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateException(repr(value) + " cannot be iterated over");
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Undefined) {
            return 0;
        }
        throw new TemplateException(repr(value) + " has no length");
    }

    static boolean contains(Object container, Object value) {
        if (container instanceof String text) {
            if (value instanceof String part) {
                return text.contains(part);
            }
            throw new TemplateException(repr(value) + " cannot be looked for in a text");
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(value);
        }
        return iterate(container).stream().anyMatch(element -> areEqual(element, value));
    }

    static List<Object> range(long from, long to, long step, Budget budget) {
        if (step == 0) {
            throw new TemplateException("range must have a step other than 0, got 0");
        }
        long count = Math.max(0, Math.floorDiv(to - from + step - Long.signum(step), step));
        budget.values(count);
        return new ArrayList<>(
                LongStream.range(0, count).mapToObj(i -> (Object) (from + i * step)).toList());
    }

    /** A mapping of texts to values. */
    static Map<String, Object> attributes(Map<?, ?> map) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        map.forEach((key, value) -> attributes.put(text(key), value));
        return attributes;
    }
}
