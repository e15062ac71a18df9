package org.learningdynamics.sweep;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What of a training run a sweep can vary or fix. A parameter that is neither has its default. Each
 * is one of the options of {@code dynamics train}, under a name with underscores; {@code loss.NAME}
 * beside them is the loss's own parameter NAME.
 */
public enum TrainingParameter {
    /** Method or composition of losses of the last stage; {@code dpo} by default. */
    METHOD(Type.TEXT),
    /** β of the losses that have one; the loss's own by default. */
    BETA(Type.NUMBER),
    /** Label smoothing of the losses that have it; the loss's own by default. */
    LABEL_SMOOTHING(Type.NUMBER),
    /** Peak learning rate of the last stage; 5e-4 by default. */
    LEARNING_RATE(Type.NUMBER),
    /** What the rate does after the warm-up: constant, the default, linear or cosine. */
    SCHEDULE(Type.TEXT),
    /** Updates of the warm-up; 0 by default. */
    WARM_UP(Type.WHOLE),
    /** The update rule; adam by default. */
    OPTIMIZER(Type.TEXT),
    /** Examples or pairs an update; 16 by default. */
    BATCH(Type.WHOLE),
    /** Updates of the last stage; 300 by default. */
    STEPS(Type.WHOLE),
    /** Decoupled weight decay of adamw; 0 by default. */
    WEIGHT_DECAY(Type.NUMBER),
    /** Largest gradient norm; no clipping by default. */
    MAX_GRAD_NORM(Type.NUMBER),
    /** Updates of supervised fine-tuning before the last stage; 0, the default, for none. */
    SFT_STEPS(Type.WHOLE),
    /**
     * The same in passes over the pairs: updates = round(epochs · pairs / batch), the same number
     * with and without {@link #EXTENDED}; not together with {@link #SFT_STEPS}.
     */
    SFT_EPOCHS(Type.NUMBER),
    /** Peak learning rate of supervised fine-tuning; {@link #LEARNING_RATE} by default. */
    SFT_LEARNING_RATE(Type.NUMBER),
    /** Whether supervised fine-tuning learns rejected responses too; false by default. */
    EXTENDED(Type.FLAG),
    /** Rank of low-rank adapters that alone are trained; 0, the default, for all weights. */
    LORA_RANK(Type.WHOLE),
    /** Scale of the adapters is this over the rank; twice the rank by default. */
    LORA_ALPHA(Type.NUMBER),
    /** Width of a new model; 128 by default. */
    WIDTH(Type.WHOLE),
    /** Blocks of a new model; 2 by default. */
    LAYERS(Type.WHOLE),
    /** Attention heads of a new model; 4 by default. */
    HEADS(Type.WHOLE),
    /** Decides initial weights, adapters and order; 42 by default. */
    SEED(Type.WHOLE);

    /** Prefix of the losses' own parameters. */
    public static final String LOSS_PREFIX = "loss.";

    /** What values are. */
    enum Type {
        TEXT("a text"),
        NUMBER("a number"),
        WHOLE("a whole number"),
        FLAG("true or false");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    private final Type type;

    TrainingParameter(Type type) {
        this.type = type;
    }

    /**
     * The name in configurations.
     *
     * @return lower case, words joined by underscores
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Optional<TrainingParameter> find(String label) {
        return Arrays.stream(values()).filter(p -> p.label().equals(label)).findFirst();
    }

    /** Refuses a name that is no parameter's. */
    static void requireKnown(String label) {
        if (!label.startsWith(LOSS_PREFIX) && find(label).isEmpty()) {
            String known =
                    Arrays.stream(values())
                            .map(TrainingParameter::label)
                            .collect(Collectors.joining(", "));
            throw new SweepConfigException(
                    "parameter must be one of "
                            + known
                            + " or loss.NAME, got unknown parameter \""
                            + label
                            + "\"");
        }
    }

    /** The value as String, Boolean, Long or Double. */
    static Object canonical(String label, Object value) {
        Type type = find(label).map(p -> p.type).orElse(Type.NUMBER);
        if (type == Type.TEXT && value instanceof String) {
            return value;
        }
        if (type == Type.FLAG && value instanceof Boolean) {
            return value;
        }
        if (type == Type.NUMBER && value instanceof Number number) {
            return number.doubleValue();
        }
        boolean isWhole = value instanceof Number n && n.doubleValue() == n.longValue();
        if (type == Type.WHOLE && isWhole) {
            return ((Number) value).longValue();
        }
        throw new SweepConfigException(label + " must be " + type.words + ", got " + value);
    }
}
