package org.learningdynamics.loss;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Named numbers on their way to a loss; what no loss has asked for is an error. */
final class LossParameters {
    static final String BETA = "beta";
    static final String LABEL_SMOOTHING = "label_smoothing";

    private final Map<String, Double> given;
    private final Set<String> known = new TreeSet<>();

    LossParameters(Map<String, Double> given) {
        this.given = given;
    }

    double get(String name, double fallback) {
        known.add(name);
        return given.getOrDefault(name, fallback);
    }

    double beta() {
        return get(BETA, Losses.DEFAULT_BETA);
    }

    double labelSmoothing() {
        return get(LABEL_SMOOTHING, Losses.DEFAULT_LABEL_SMOOTHING);
    }

    void requireAllKnown(String loss) {
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "loss " + loss + " has no parameter " + name + "; it has " + known);
            }
        }
    }

    static Map<String, Double> ordered(String first, double one, String second, double two) {
        Map<String, Double> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, two);
        return Collections.unmodifiableMap(map);
    }
}
