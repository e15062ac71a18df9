package org.learningdynamics.lm.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Attributes, items and slices of values. */
final class Items {
    private Items() {}

    static Object attribute(Object object, String name) {
        if (object instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        Object value = null;
        if (object instanceof Map<?, ?> map) {
            value = map.get(name);
        } else if (object instanceof Namespace namespace) {
            value = namespace.attributes().get(name);
        } else if (object instanceof LoopState loop) {
            value = loop.attribute(name);
        }
        return value == null ? new Undefined("attribute '" + name + "'") : value;
    }

    static Object get(Object object, Object key) {
        if (key instanceof String name && !(object instanceof String)) {
            return attribute(object, name);
        }
        if (object instanceof Map<?, ?> map) {
            Object value = map.get(key);
            return value == null ? new Undefined("item " + Values.repr(key)) : value;
        }
        if (object instanceof Undefined undefined) {
            throw undefined.refusal();
        }
        long index = Values.integer(key);
        long size = Values.length(object);
        long at = index < 0 ? index + size : index;
        if (at < 0 || at >= size) {
            return new Undefined("item " + index);
        }
        return object instanceof String text
                ? part(text, at, at + 1)
                : Values.iterate(object).get((int) at);
    }

    static Object slice(
            Object object, Optional<Object> from, Optional<Object> to, Optional<Object> step) {
        long by = step.filter(x -> x != Absent.NONE).map(Values::integer).orElse(1L);
        if (by == 0) {
            throw new TemplateException("a slice must have a step other than 0, got 0");
        }
        long size = Values.length(object);
        long begin = bound(from, by > 0 ? 0 : size - 1, size, by);
        long end = bound(to, by > 0 ? size : -1, size, by);
        if (by == 1 && object instanceof String text) {
            return part(text, begin, Math.max(begin, end));
        }
        List<Object> values = Values.iterate(object);
        List<Object> slice = new ArrayList<>();
        for (long i = begin; by > 0 ? i < end : i > end; i += by) {
            slice.add(values.get((int) i));
        }
        return object instanceof String
                ? slice.stream().map(Values::text).collect(Collectors.joining())
                : slice;
    }

    /** Characters of a text, counted as Python counts them. */
    private static String part(String text, long from, long to) {
        int begin = text.offsetByCodePoints(0, (int) from);
        return text.substring(begin, text.offsetByCodePoints(begin, (int) (to - from)));
    }

    private static long bound(Optional<Object> given, long otherwise, long size, long step) {
        if (given.isEmpty() || given.get() == Absent.NONE) {
            return otherwise;
        }
        long index = Values.integer(given.get());
        long at = index < 0 ? index + size : index;
        return step > 0 ? Math.min(Math.max(at, 0), size) : Math.min(Math.max(at, -1), size - 1);
    }
}
