package org.learningdynamics.update;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaBelief;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** The rules of ND4J's updaters, by the class of their configuration. */
final class SplitRules {
    private static final Map<Class<?>, Function<IUpdater, SplitRule>> KNOWN =
            Map.ofEntries(
                    entry(Sgd.class, c -> scaled(c)),
                    entry(NoOp.class, c -> rule(Set.of(), s -> UpdateSplit.of(1))),
                    entry(Nesterovs.class, SplitRules::nesterovs),
                    entry(AdaGrad.class, AdaptiveRules::adaGrad),
                    entry(RmsProp.class, AdaptiveRules::rmsProp),
                    entry(AdaDelta.class, AdaptiveRules::adaDelta),
                    entry(Adam.class, MomentRules::adam),
                    entry(AMSGrad.class, MomentRules::amsGrad),
                    entry(AdaBelief.class, MomentRules::adaBelief),
                    entry(AdaMax.class, MomentRules::adaMax),
                    entry(Nadam.class, MomentRules::nadam));

    private SplitRules() {}

    /**
     * The rule of an updater.
     *
     * @throws IllegalArgumentException if nobody knows how its updates depend on the gradient
     */
    static SplitRule of(IUpdater updater) {
        if (updater instanceof SplittableUpdater own) {
            return own.splitRule();
        }
        Function<IUpdater, SplitRule> known = KNOWN.get(updater.getClass());
        if (known == null) {
            throw new IllegalArgumentException(
                    "updater must be one of "
                            + names()
                            + " or implement "
                            + SplittableUpdater.class.getName()
                            + ", got "
                            + updater.getClass().getName());
        }
        return known.apply(updater);
    }

    private static Set<String> names() {
        return KNOWN.keySet().stream()
                .map(Class::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A rule from its two halves. */
    static SplitRule rule(Set<String> remembered, Function<UpdaterState, UpdateSplit> split) {
        return new SplitRule() {
            @Override
            public Set<String> remembered() {
                return remembered;
            }

            @Override
            public UpdateSplit split(UpdaterState state) {
                return split.apply(state);
            }
        };
    }

    /** {@code η·x}. */
    private static SplitRule scaled(IUpdater config) {
        return rule(
                Set.of(), s -> UpdateSplit.of(config.getLearningRate(s.iteration(), s.epoch())));
    }

    /** {@code v ← μv − ηx}, update {@code μv₀ − (1 + μ)v = (1 + μ)ηx − μ²v₀}. */
    private static SplitRule nesterovs(Nesterovs config) {
        return rule(
                Set.of("V"),
                s -> {
                    double rate = config.getLearningRate(s.iteration(), s.epoch());
                    double momentum = config.currentMomentum(s.iteration(), s.epoch());
                    return UpdateSplit.withHistory(
                            (1 + momentum) * rate, s.before("V").mul(-momentum * momentum));
                });
    }

    private static <C extends IUpdater> Map.Entry<Class<?>, Function<IUpdater, SplitRule>> entry(
            Class<C> type, Function<C, SplitRule> rule) {
        return Map.entry(type, config -> rule.apply(type.cast(config)));
    }
}
