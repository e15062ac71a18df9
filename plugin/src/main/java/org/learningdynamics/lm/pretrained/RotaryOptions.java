package org.learningdynamics.lm.pretrained;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How heads turn, from wherever a version of the format says so: options of their own, {@code
 * rope_scaling}, {@code rope_parameters}. What is said twice must agree.
 *
 * @param base base of the wavelengths
 * @param fraction share of a head's columns that turn
 * @param scale what positions are divided by
 */
record RotaryOptions(double base, double fraction, double scale) {
    private static final String BASE = "rope_theta";
    private static final String FRACTION = "partial_rotary_factor";
    private static final List<String> TYPES = List.of("rope_type", "type");

    /** The usual values where a file says nothing. */
    static RotaryOptions read(Options config, double usualFraction) throws PretrainedException {
        List<Said> bases = new ArrayList<>();
        List<Said> fractions = new ArrayList<>();
        List<Said> scales = new ArrayList<>();
        hear(config, List.of("rotary_emb_base", BASE), bases);
        hear(config, List.of("rotary_pct", FRACTION), fractions);
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            Optional<Options> object = config.object(key);
            if (object.isPresent()) {
                hear(object.get(), List.of(BASE), bases);
                hear(object.get(), List.of(FRACTION), fractions);
                scales.add(scale(object.get()));
                object.get().refuseOthers(Set.of());
            }
        }
        return new RotaryOptions(
                agreed(config, bases, 10_000),
                agreed(config, fractions, usualFraction),
                agreed(config, scales, 1));
    }

    /** A value and the option that gives it. */
    private record Said(String option, double value) {}

    private static void hear(Options options, List<String> keys, List<Said> said)
            throws PretrainedException {
        for (String key : keys) {
            OptionalDouble value = options.number(key);
            if (value.isPresent()) {
                said.add(new Said(options.name(key), value.getAsDouble()));
            }
        }
    }

    private static Said scale(Options object) throws PretrainedException {
        double scale = 1;
        for (String key : TYPES) {
            switch (object.text(key, "default")) {
                case "default" -> {}
                case "linear" -> scale = object.number("factor", Double.NaN);
                default -> throw object.fail(key, "must be default or linear");
            }
        }
        if (!(scale >= 1)) {
            throw object.fail("factor", "must be >= 1");
        }
        return new Said(object.name("factor"), scale);
    }

    private static double agreed(Options config, List<Said> said, double otherwise)
            throws PretrainedException {
        for (Said other : said) {
            if (other.value != said.get(0).value) {
                throw config.conflict(
                        "%s must be what %s says, %s, got %s"
                                .formatted(
                                        said.get(0).option,
                                        other.option,
                                        other.value,
                                        said.get(0).value));
            }
        }
        return said.isEmpty() ? otherwise : said.get(0).value;
    }
}
