package org.learningdynamics.sweep;

import java.util.IdentityHashMap;
import java.util.List;
import org.deeplearning4j.arbiter.conf.updater.AdaMaxSpace;
import org.deeplearning4j.arbiter.conf.updater.AdamSpace;
import org.deeplearning4j.arbiter.conf.updater.NadamSpace;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.BooleanSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.arbiter.util.LeafUtils;

/**
 * What Arbiter does wrong with, silently or far from the cause, is refused before anything runs.
 */
final class SpaceRules {
    private static final List<String> MOMENTS = List.of("beta1", "beta2", "epsilon");

    private SpaceRules() {}

    @SuppressWarnings({"rawtypes", "unchecked"}) // Arbiter's interface
    static List<ParameterSpace<?>> leaves(ParameterSpace<?> space) {
        List<ParameterSpace> unique = LeafUtils.getUniqueObjects(space.collectLeaves());
        unique.removeIf(leaf -> leaf.numParameters() == 0); // fixed values of networks
        return (List) unique;
    }

    static void requireParameters(ParameterSpace<?> space) {
        if (leaves(space).isEmpty()) {
            throw new SweepConfigException("space must vary at least one parameter, got none");
        }
    }

    /**
     * The grid gives a leaf of one value no place in a candidate, and a flag as many as a number.
     */
    static void requireCountable(ParameterSpace<?> space) {
        IdentityHashMap<ParameterSpace<?>, String> names = SpaceLeaves.names(space);
        for (ParameterSpace<?> leaf : leaves(space)) {
            if (leaf instanceof BooleanSpace) {
                throw new SweepConfigException(
                        names.get(leaf)
                                + " must be a DiscreteParameterSpace of true and false for grid"
                                + " search, got a BooleanSpace");
            }
            boolean isSingle =
                    (leaf instanceof DiscreteParameterSpace<?> values && values.numValues() == 1)
                            || (leaf instanceof IntegerParameterSpace range
                                    && range.getMin() == range.getMax());
            if (isSingle) {
                throw new SweepConfigException(
                        names.get(leaf)
                                + " must be a FixedValue or have at least 2 values for grid search,"
                                + " got 1");
            }
        }
    }

    /** An updater space fills moments that are not given with the default learning rate, 1e-3. */
    static void requireMoments(ParameterSpace<?> space) {
        SpaceLeaves.walk(
                space,
                (path, inner) -> {
                    boolean hasMoments =
                            inner instanceof AdamSpace
                                    || inner instanceof AdaMaxSpace
                                    || inner instanceof NadamSpace;
                    if (hasMoments && !inner.getNestedSpaces().keySet().containsAll(MOMENTS)) {
                        throw new SweepConfigException(
                                path
                                        + ": a "
                                        + inner.getClass().getSimpleName()
                                        + " must be given beta1, beta2 and epsilon (0.9, 0.999 and"
                                        + " 1e-8 are usual), got "
                                        + inner.getNestedSpaces().keySet()
                                        + "; Arbiter takes 0.001 for each that is left out");
                    }
                });
    }
}
