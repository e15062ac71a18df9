package org.learningdynamics.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.BooleanSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;

/**
 * The search space over everything {@code dynamics train} takes: Arbiter's spaces by parameter, and
 * values that are the same for every candidate. See {@link TrainingParameter} for the names.
 *
 * <p>A space of a single value counts as fixed and a {@link BooleanSpace} as the values true and
 * false, because Arbiter's grid search cannot count either.
 */
public final class TrainingSpace implements ParameterSpace<TrainingChoice> {
    private final Map<String, ParameterSpace<?>> given;
    private final TreeMap<String, ParameterSpace<?>> varied = new TreeMap<>();
    private final TreeMap<String, Object> fixed = new TreeMap<>();

    /**
     * Checks names, types of values, and that there is something to search.
     *
     * @param space spaces by parameter
     * @param fixed values by parameter
     * @throws SweepConfigException naming the parameter and the rule
     */
    public TrainingSpace(Map<String, ? extends ParameterSpace<?>> space, Map<String, ?> fixed) {
        Map<String, ParameterSpace<?>> spaces = new TreeMap<>(space);
        spaces.values().removeIf(FixedValue.class::isInstance);
        given = Collections.unmodifiableMap(spaces);
        fixed.forEach(this::fix);
        space.forEach(this::vary);
        if (varied.isEmpty()) {
            throw new SweepConfigException(
                    "space must vary at least one parameter, got " + space.keySet());
        }
    }

    private void fix(String name, Object value) {
        TrainingParameter.requireKnown(name);
        fixed.put(name, TrainingParameter.canonical(name, value));
    }

    private void vary(String name, ParameterSpace<?> space) {
        TrainingParameter.requireKnown(name);
        if (fixed.containsKey(name)) {
            throw new SweepConfigException(name + " must be varied or fixed, got both");
        }
        if (space instanceof FixedValue<?> value) {
            fix(name, value.getValue());
        } else if (space instanceof BooleanSpace) {
            varyDiscrete(name, new DiscreteParameterSpace<Boolean>(List.of(true, false)));
        } else if (space instanceof DiscreteParameterSpace<?> values) {
            varyDiscrete(name, values);
        } else if (space instanceof IntegerParameterSpace range
                && range.getMin() == range.getMax()) {
            fix(name, range.getMin());
        } else {
            varied.put(name, space);
        }
    }

    private void varyDiscrete(String name, DiscreteParameterSpace<?> space) {
        List<?> values = values(name, space);
        values.forEach(value -> TrainingParameter.canonical(name, value));
        if (values.size() == 1) {
            fix(name, values.get(0));
        } else {
            varied.put(name, new DiscreteParameterSpace<Object>(new ArrayList<Object>(values)));
        }
    }

    /** Its values in order; the space shows one value for each stretch of [0, 1]. */
    static List<?> values(String name, DiscreteParameterSpace<?> space) {
        int count;
        try {
            count = space.numValues();
        } catch (NullPointerException e) {
            throw new SweepConfigException(name + " must have values, got none", e);
        }
        if (count == 0) {
            throw new SweepConfigException(name + " must have at least one value, got none");
        }
        space.setIndices(0);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object value = space.getValue(new double[] {(i + 0.5) / count});
            if (value == null) {
                throw new SweepConfigException(name + " must have values, got null");
            }
            values.add(value);
        }
        return values;
    }

    /**
     * The spaces as they were given, without those that are a {@link FixedValue}.
     *
     * @return by parameter, sorted
     */
    public Map<String, ParameterSpace<?>> spaces() {
        return given;
    }

    /**
     * What is the same for every candidate.
     *
     * @return values by parameter, sorted
     */
    public Map<String, Object> fixed() {
        return Collections.unmodifiableMap(fixed);
    }

    /**
     * The parameters that vary.
     *
     * @return their names, sorted
     */
    public List<String> names() {
        return List.copyOf(varied.keySet());
    }

    @Override
    public TrainingChoice getValue(double[] parameterValues) {
        Map<String, Object> values = new LinkedHashMap<>(fixed);
        varied.forEach((name, space) -> values.put(name, space.getValue(parameterValues)));
        return new TrainingChoice(values);
    }

    @Override
    public int numParameters() {
        return varied.size();
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's interface
    public List<ParameterSpace> collectLeaves() {
        return new ArrayList<>(varied.values());
    }

    @Override
    @SuppressWarnings("rawtypes") // Arbiter's interface
    public Map<String, ParameterSpace> getNestedSpaces() {
        return new LinkedHashMap<>(varied);
    }

    @Override
    public boolean isLeaf() {
        return false;
    }

    @Override
    public void setIndices(int... indices) {
        int next = 0;
        for (ParameterSpace<?> space : varied.values()) {
            space.setIndices(indices[next++]);
        }
    }
}
