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
    static final String ALPHA = "alpha";
    static final String RPO_ALPHA = "rpo_alpha";
    static final String GAMMA = "gamma";
    static final String LAMBDA = "lambda";
    static final String TAU = "tau";
    static final String DESIRABLE_WEIGHT = "desirable_weight";
    static final String UNDESIRABLE_WEIGHT = "undesirable_weight";
    static final String F_ALPHA = "f_alpha";

    private final Map<String, Double> given;
    private final String prefix;
    private final Set<String> known;

    LossParameters(Map<String, Double> given) {
        this(given, "", new TreeSet<>());
    }

    private LossParameters(Map<String, Double> given, String prefix, Set<String> known) {
        this.given = given;
        this.prefix = prefix;
        this.known = known;
    }

    /** The parameters as a term of a sum sees them: {@code dpo.beta}, else {@code beta}. */
    LossParameters ofTerm(String loss) {
        return new LossParameters(given, loss + '.', known);
    }

    double get(String name, double fallback) {
        known.add(name);
        known.add(prefix + name);
        double shared = given.getOrDefault(name, fallback);
        return given.getOrDefault(prefix + name, shared);
    }

    double beta() {
        return beta(Losses.DEFAULT_BETA);
    }

    double beta(double fallback) {
        return get(BETA, fallback);
    }

    double labelSmoothing() {
        return labelSmoothing(Losses.DEFAULT_LABEL_SMOOTHING);
    }

    double labelSmoothing(double fallback) {
        return get(LABEL_SMOOTHING, fallback);
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

    static Map<String, Double> ordered(
            String first, double one, String second, double two, String third, double three) {
        Map<String, Double> map = new LinkedHashMap<>(ordered(first, one, second, two));
        map.put(third, three);
        return Collections.unmodifiableMap(map);
    }
}
