package org.learningdynamics.samples.cli;

import org.jspecify.annotations.Nullable;
import org.learningdynamics.train.TrainingOptions;
import picocli.CommandLine.Option;

/** How an update is made of a batch. */
final class UpdateSettings {
    @Option(
            names = "--accumulate",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Cut every batch into N passes whose gradients are added up; the updates stay"
                            + " those of the whole batch (default: ${DEFAULT-VALUE}).")
    private int accumulate = 1;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "NORM",
            description =
                    "Clip the gradient to this global norm, and record the norm (default: not).")
    private @Nullable Double maxGradientNorm;

    @Option(
            names = "--weight-decay",
            paramLabel = "L",
            defaultValue = "0",
            description = "Decoupled decay, for --optimizer adamw (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    void on(TrainingOptions.Builder stage) {
        stage.microBatches(accumulate).weightDecay(weightDecay);
        if (maxGradientNorm != null) {
            stage.maxGradientNorm(maxGradientNorm);
        }
    }
}
