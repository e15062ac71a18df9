package org.learningdynamics.sweep;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.learningdynamics.train.LearningRateDecay;
import org.learningdynamics.train.Optimizer;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;

/**
 * The stages that a candidate's parameters ask for.
 *
 * @param sft supervised fine-tuning before the last stage, if there is any
 * @param last the stage that is scored
 */
record Stages(Optional<TrainingOptions> sft, TrainingOptions last) {
    static final String DEFAULT_METHOD = "dpo";

    /** Checks the values as the training itself does. */
    static Stages of(TrainingChoice choice, int pairs) {
        int batch = choice.count(TrainingParameter.BATCH, TrainingOptions.DEFAULT_BATCH_SIZE);
        int sftUpdates = sftUpdates(choice, pairs, batch);
        return new Stages(
                sftUpdates == 0 ? Optional.empty() : Optional.of(sft(choice, sftUpdates)),
                last(choice));
    }

    private static int sftUpdates(TrainingChoice choice, int pairs, int batch) {
        OptionalDouble epochs = choice.number(TrainingParameter.SFT_EPOCHS);
        if (epochs.isEmpty()) {
            return choice.count(TrainingParameter.SFT_STEPS, 0);
        }
        if (choice.whole(TrainingParameter.SFT_STEPS).isPresent()) {
            throw new IllegalArgumentException(
                    "sft_steps and sft_epochs must not be given together, got both");
        }
        if (!(epochs.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    "sft_epochs must be >= 0, got " + epochs.getAsDouble());
        }
        return Math.toIntExact(Math.round(epochs.getAsDouble() * pairs / batch));
    }

    private static TrainingOptions sft(TrainingChoice choice, int updates) {
        TrainingMethod method =
                choice.flag(TrainingParameter.EXTENDED)
                        ? TrainingMethod.SFT_EXTENDED
                        : TrainingMethod.SFT_SUM;
        TrainingOptions.Builder stage = TrainingOptions.builder(method).updates(updates);
        common(choice, stage, updates);
        choice.number(TrainingParameter.SFT_LEARNING_RATE).ifPresent(stage::learningRate);
        return stage.build();
    }

    private static TrainingOptions last(TrainingChoice choice) {
        String method = choice.text(TrainingParameter.METHOD).orElse(DEFAULT_METHOD);
        int updates = choice.count(TrainingParameter.STEPS, TrainingOptions.DEFAULT_UPDATES);
        TrainingOptions.Builder stage = TrainingOptions.builder(method).updates(updates);
        common(choice, stage, updates);
        choice.number(TrainingParameter.BETA).ifPresent(stage::beta);
        choice.number(TrainingParameter.LABEL_SMOOTHING).ifPresent(stage::labelSmoothing);
        choice.lossParameters().forEach(stage::lossParameter);
        return stage.build();
    }

    private static void common(TrainingChoice choice, TrainingOptions.Builder stage, int updates) {
        int warmUp = choice.count(TrainingParameter.WARM_UP, 0);
        stage.batchSize(choice.count(TrainingParameter.BATCH, TrainingOptions.DEFAULT_BATCH_SIZE))
                .warmupUpdates(Math.min(warmUp, updates - 1))
                .decay(
                        named(
                                LearningRateDecay.class,
                                "schedule",
                                choice.text(TrainingParameter.SCHEDULE).orElse("constant")))
                .optimizer(
                        named(
                                Optimizer.class,
                                "optimizer",
                                choice.text(TrainingParameter.OPTIMIZER).orElse("adam")))
                .weightDecay(choice.number(TrainingParameter.WEIGHT_DECAY).orElse(0))
                .seed(choice.whole(TrainingParameter.SEED).orElse(TrainingOptions.DEFAULT_SEED));
        choice.number(TrainingParameter.LEARNING_RATE).ifPresent(stage::learningRate);
        choice.number(TrainingParameter.MAX_GRAD_NORM).ifPresent(stage::maxGradientNorm);
    }

    private static <E extends Enum<E>> E named(Class<E> type, String what, String name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                what
                        + " must be one of "
                        + java.util.Arrays.toString(type.getEnumConstants())
                                .toLowerCase(Locale.ROOT)
                        + ", got "
                        + name);
    }
}
