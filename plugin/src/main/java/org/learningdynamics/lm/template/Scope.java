package org.learningdynamics.lm.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names and their values; an inner scope sees the outer one and leaves it as it is. */
final class Scope {
    private final Optional<Scope> outer;
    private final Map<String, Object> values;
    private final Budget budget;

    private Scope(Optional<Scope> outer, Map<String, Object> values, Budget budget) {
        this.outer = outer;
        this.values = values;
        this.budget = budget;
    }

    static Scope root(Map<String, Object> globals, Budget budget) {
        return new Scope(Optional.empty(), new HashMap<>(globals), budget);
    }

    Scope inner() {
        return new Scope(Optional.of(this), new HashMap<>(), budget);
    }

    Budget budget() {
        return budget;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Object get(String name) {
        Scope scope = this;
        while (true) {
            Object value = scope.values.get(name);
            if (value != null) {
                return value;
            }
            if (scope.outer.isEmpty()) {
                return new Undefined("'" + name + "'");
            }
            scope = scope.outer.get();
        }
    }
}
