package org.learningdynamics.sweep;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The parameters of one candidate: what its space drew and what is fixed. Immutable. */
public final class TrainingChoice implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Canonical values by name. */
    private final TreeMap<String, Serializable> values = new TreeMap<>();

    /**
     * Checks names and types.
     *
     * @param values values by {@link TrainingParameter#label()} or {@code loss.NAME}
     * @throws SweepConfigException if a name is unknown or a value not of its parameter's type
     */
    public TrainingChoice(Map<String, ?> values) {
        values.forEach(
                (name, value) -> {
                    TrainingParameter.requireKnown(name);
                    this.values.put(name, (Serializable) TrainingParameter.canonical(name, value));
                });
    }

    /**
     * All values that are given.
     *
     * @return {@link String}, {@link Boolean}, {@link Long} or {@link Double} by name, sorted
     */
    public Map<String, Object> values() {
        return new TreeMap<>(values);
    }

    /**
     * A text.
     *
     * @param parameter whose
     * @return its value, empty if it is not given
     */
    public Optional<String> text(TrainingParameter parameter) {
        return Optional.ofNullable((String) values.get(parameter.label()));
    }

    /**
     * A number.
     *
     * @param parameter whose
     * @return its value, empty if it is not given
     */
    public OptionalDouble number(TrainingParameter parameter) {
        Double value = (Double) values.get(parameter.label());
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * A whole number.
     *
     * @param parameter whose
     * @return its value, empty if it is not given
     */
    public OptionalLong whole(TrainingParameter parameter) {
        Long value = (Long) values.get(parameter.label());
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * A whole number that fits an int.
     *
     * @param parameter whose
     * @param absent what it is if it is not given
     * @return its value
     * @throws IllegalArgumentException if it does not fit
     */
    public int count(TrainingParameter parameter, int absent) {
        long value = whole(parameter).orElse(absent);
        if (value != (int) value) {
            throw new IllegalArgumentException(
                    parameter.label() + " must fit 32 bits, got " + value);
        }
        return (int) value;
    }

    /**
     * A flag.
     *
     * @param parameter whose
     * @return its value, false if it is not given
     */
    public boolean flag(TrainingParameter parameter) {
        return Boolean.TRUE.equals(values.get(parameter.label()));
    }

    /**
     * The losses' own parameters.
     *
     * @return values by their names without the prefix, sorted
     */
    public Map<String, Double> lossParameters() {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(TrainingParameter.LOSS_PREFIX))
                .collect(
                        Collectors.toMap(
                                entry ->
                                        entry.getKey()
                                                .substring(TrainingParameter.LOSS_PREFIX.length()),
                                entry -> (Double) entry.getValue(),
                                (a, b) -> a,
                                TreeMap::new));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingChoice choice && choice.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
