package org.learningdynamics.samples.sweeps;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.sweep.SweepConfigException;

/**
 * The section {@code data} of a sweep's configuration, value by value.
 *
 * @param values by key
 * @param folder what relative files are relative to
 */
record DataSection(Map<String, Object> values, Path folder) {
    /** Refuses keys that mean nothing. */
    void requireKnown(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new SweepConfigException(
                        "data must have keys among "
                                + new TreeSet<>(known)
                                + ", got unknown key \""
                                + key
                                + "\"");
            }
        }
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Optional<String> text(String key) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String text)) {
            throw new SweepConfigException("data." + key + " must be a text, got " + value);
        }
        return Optional.of(text);
    }

    Optional<Path> file(String key) {
        return text(key).map(folder::resolve);
    }

    int count(String key, int absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        boolean isCount =
                value instanceof Number n && n.doubleValue() == n.intValue() && n.intValue() >= 1;
        if (!isCount) {
            throw new SweepConfigException(
                    "data." + key + " must be a whole number >= 1, got " + value);
        }
        return ((Number) value).intValue();
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
        Optional<String> name = text(key);
        if (name.isEmpty()) {
            return absent;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(name.get())) {
                return constant;
            }
        }
        throw new SweepConfigException(
                "data."
                        + key
                        + " must be one of "
                        + java.util.Arrays.toString(type.getEnumConstants())
                                .toLowerCase(java.util.Locale.ROOT)
                        + ", got "
                        + name.get());
    }
}
