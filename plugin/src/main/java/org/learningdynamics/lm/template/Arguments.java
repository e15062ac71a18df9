package org.learningdynamics.lm.template;

import java.util.List;
import java.util.Map;

/**
 * Arguments of a filter, test or method.
 *
 * @param name who is called
 * @param values by position
 * @param named by name
 */
record Arguments(String name, List<Object> values, Map<String, Object> named) {
    boolean has(int position, String key) {
        return position < values.size() || named.containsKey(key);
    }

    Object get(int position, String key) {
        Object value = position < values.size() ? values.get(position) : named.get(key);
        if (value == null) {
            throw new TemplateException(name + " needs an argument " + key);
        }
        return value;
    }

    Object get(int position, String key, Object otherwise) {
        return has(position, key) ? get(position, key) : otherwise;
    }

    String text(int position, String key) {
        Object value = get(position, key);
        if (value instanceof String text) {
            return text;
        }
        throw new TemplateException(
                name + " needs a text for " + key + ", got " + Values.repr(value));
    }

    String text(int position, String key, String otherwise) {
        return has(position, key) ? text(position, key) : otherwise;
    }
}
