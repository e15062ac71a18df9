package org.learningdynamics.loss;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The losses by name, for command lines, configurations and recordings: {@code byName(loss.name(),
 * loss.parameters())} equals {@code loss}.
 */
public final class Losses {
    /** β where none is given. */
    public static final double DEFAULT_BETA = 0.1;

    /** Label smoothing of {@code cdpo} where none is given. */
    public static final double DEFAULT_LABEL_SMOOTHING = 0.1;

    private static final Map<String, Function<LossParameters, Loss>> BY_NAME = byName();

    private Losses() {}

    private static Map<String, Function<LossParameters, Loss>> byName() {
        Map<String, Function<LossParameters, Loss>> map = new TreeMap<>();
        map.put(SftLoss.NAME, p -> new SftLoss());
        map.put(SftSumLoss.NAME, p -> new SftSumLoss());
        map.put(SftExtendedLoss.NAME, p -> new SftExtendedLoss());
        map.put(DpoLoss.NAME, p -> new DpoLoss(p.beta()));
        map.put(CdpoLoss.NAME, p -> new CdpoLoss(p.beta(), p.labelSmoothing()));
        for (IpoLoss.Form form : IpoLoss.Form.values()) {
            map.put(form.lossName(), p -> new IpoLoss(p.beta(), form));
        }
        return Collections.unmodifiableMap(map);
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
     * @param name one of {@link #names()}
     * @return the loss
     * @throws IllegalArgumentException if the name is unknown
     */
    public static Loss byName(String name) {
        return byName(name, Map.of());
    }

    /**
     * A loss.
     *
     * @param name one of {@link #names()}
     * @param parameters such as {@code beta} and {@code label_smoothing}; what is left out has its
     *     default
     * @return the loss
     * @throws IllegalArgumentException if the name or a parameter is unknown, or a value is refused
     */
    public static Loss byName(String name, Map<String, Double> parameters) {
        Function<LossParameters, Loss> make = BY_NAME.get(name);
        if (make == null) {
            throw new IllegalArgumentException(
                    "unknown loss " + name + "; known are " + String.join(", ", names()));
        }
        LossParameters given = new LossParameters(parameters);
        Loss loss = make.apply(given);
        given.requireAllKnown(name);
        return loss;
    }
}
