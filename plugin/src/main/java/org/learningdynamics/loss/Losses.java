package org.learningdynamics.loss;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The losses by name, for command lines, configurations and recordings: {@code byName(loss.name(),
 * loss.parameters())} equals {@code loss}.
 *
 * <p>Besides the names of {@link #names()}, {@link #byName} reads two compositions of them: a colon
 * puts a divergence into a loss of the margin, {@code dpo:forward-kl} (see {@link DivergenceLoss}),
 * and plus signs make a sum with weights, {@code dpo+0.2*bco+sft} (see {@link WeightedLoss}).
 */
public final class Losses {
    /** β where none is given, unless the loss has a default of its own. */
    public static final double DEFAULT_BETA = 0.1;

    /** Label smoothing of {@code cdpo} and {@code robust} where none is given. */
    public static final double DEFAULT_LABEL_SMOOTHING = 0.1;

    private static final Map<String, Function<LossParameters, Loss>> BY_NAME = byName();

    private Losses() {}

    private static Map<String, Function<LossParameters, Loss>> byName() {
        Map<String, Function<LossParameters, Loss>> map = new TreeMap<>();
        addResponseLosses(map);
        addMarginLosses(map);
        addLogRatioLosses(map);
        addLikelihoodLosses(map);
        return Collections.unmodifiableMap(map);
    }

    private static void addResponseLosses(Map<String, Function<LossParameters, Loss>> map) {
        map.put(SftLoss.NAME, p -> new SftLoss());
        map.put(SftSumLoss.NAME, p -> new SftSumLoss());
        map.put(SftExtendedLoss.NAME, p -> new SftExtendedLoss());
        map.put(DftLoss.NAME, p -> new DftLoss());
        map.put(NpoLoss.NAME, p -> new NpoLoss(p.beta()));
        map.put(GradientAscentLoss.NAME, p -> new GradientAscentLoss());
        map.put(
                KtoLoss.NAME,
                p ->
                        new KtoLoss(
                                p.beta(),
                                p.get(LossParameters.DESIRABLE_WEIGHT, KtoLoss.DEFAULT_WEIGHT),
                                p.get(LossParameters.UNDESIRABLE_WEIGHT, KtoLoss.DEFAULT_WEIGHT)));
    }

    private static void addMarginLosses(Map<String, Function<LossParameters, Loss>> map) {
        map.put(DpoLoss.NAME, p -> new DpoLoss(p.beta()));
        map.put(CdpoLoss.NAME, p -> new CdpoLoss(p.beta(), p.labelSmoothing()));
        map.put(RobustLoss.NAME, p -> new RobustLoss(p.beta(), p.labelSmoothing()));
        map.put(HingeLoss.NAME, p -> new HingeLoss(p.beta()));
        map.put(
                ExoLoss.NAME,
                p -> new ExoLoss(p.beta(), p.labelSmoothing(ExoLoss.DEFAULT_LABEL_SMOOTHING)));
        map.put(
                DiscopopLoss.NAME,
                p ->
                        new DiscopopLoss(
                                p.beta(), p.get(LossParameters.TAU, DiscopopLoss.DEFAULT_TAU)));
    }

    private static void addLogRatioLosses(Map<String, Function<LossParameters, Loss>> map) {
        for (IpoLoss.Form form : IpoLoss.Form.values()) {
            map.put(form.lossName(), p -> new IpoLoss(p.beta(), form));
        }
        for (AotLoss.Form form : AotLoss.Form.values()) {
            map.put(form.lossName(), p -> new AotLoss(p.beta(), p.labelSmoothing(0), form));
        }
        map.put(NcaLoss.NAME, p -> new NcaLoss(p.beta()));
        map.put(BcoLoss.NAME, p -> new BcoLoss(p.beta()));
        map.put(SppoLoss.NAME, p -> new SppoLoss(p.beta()));
        map.put(ApoZeroLoss.NAME, p -> new ApoZeroLoss(p.beta()));
        map.put(ApoDownLoss.NAME, p -> new ApoDownLoss(p.beta()));
        map.put(CalDpoLoss.NAME, p -> new CalDpoLoss(p.beta()));
        map.put(
                DpoNormLoss.NAME,
                p -> new DpoNormLoss(p.beta(DpoNormLoss.DEFAULT_BETA), p.labelSmoothing(0)));
        map.put(
                DpopLoss.NAME,
                p ->
                        new DpopLoss(
                                p.beta(),
                                p.get(LossParameters.LAMBDA, DpopLoss.DEFAULT_LAMBDA),
                                p.labelSmoothing(0)));
    }

    private static void addLikelihoodLosses(Map<String, Function<LossParameters, Loss>> map) {
        map.put(
                SimpoLoss.NAME,
                p ->
                        new SimpoLoss(
                                p.beta(SimpoLoss.DEFAULT_BETA),
                                p.get(LossParameters.GAMMA, SimpoLoss.DEFAULT_GAMMA),
                                p.labelSmoothing(0)));
        map.put(
                CpoLoss.NAME,
                p ->
                        new CpoLoss(
                                p.beta(),
                                p.get(LossParameters.ALPHA, CpoLoss.DEFAULT_ALPHA),
                                p.labelSmoothing(0)));
        map.put(OrpoLoss.NAME, p -> new OrpoLoss(p.beta()));
        map.put(
                RpoLoss.NAME,
                p ->
                        new RpoLoss(
                                p.beta(),
                                p.get(LossParameters.RPO_ALPHA, RpoLoss.DEFAULT_RPO_ALPHA),
                                p.labelSmoothing(0)));
        map.put(
                IterativeRpoLoss.NAME,
                p ->
                        new IterativeRpoLoss(
                                p.beta(),
                                p.get(LossParameters.RPO_ALPHA, IterativeRpoLoss.DEFAULT_RPO_ALPHA),
                                p.labelSmoothing(0)));
    }

    /**
     * The known names.
     *
     * @return in alphabetical order
     */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * A loss with its default parameters.
     *
     * @param name as in {@link #byName(String, Map)}
     * @return the loss
     * @throws IllegalArgumentException if the name is unknown
     */
    public static Loss byName(String name) {
        return byName(name, Map.of());
    }

    /**
     * A loss.
     *
     * @param name one of {@link #names()}, or a composition of them such as {@code dpo:js+0.2*sft}
     * @param parameters such as {@code beta} and {@code label_smoothing}; what is left out has its
     *     default. In a sum, {@code dpo.beta} is for one term and {@code beta} for every term that
     *     has it
     * @return the loss
     * @throws IllegalArgumentException if the name or a parameter is unknown, or a value is refused
     */
    public static Loss byName(String name, Map<String, Double> parameters) {
        LossParameters given = new LossParameters(parameters);
        Loss loss =
                LossNames.isSum(name) ? LossNames.sum(name, given) : LossNames.single(name, given);
        given.requireAllKnown(name);
        return loss;
    }

    /** The loss with a plain name. */
    static Loss plain(String name, LossParameters parameters) {
        Function<LossParameters, Loss> make = BY_NAME.get(name);
        if (make == null) {
            throw new IllegalArgumentException(
                    "unknown loss " + name + "; known are " + String.join(", ", names()));
        }
        return make.apply(parameters);
    }
}
