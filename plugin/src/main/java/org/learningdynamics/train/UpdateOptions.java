package org.learningdynamics.train;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How an update is made of a batch's gradient.
 *
 * @param microBatches passes that the batch is cut into, whose gradients are added up so that the
 *     update is that of the whole batch; smaller batches are cut into single examples
 * @param maxGradientNorm largest global norm of the gradient; empty for no clipping
 * @param weightDecay λ of {@link Optimizer#ADAMW}, 0 for every other
 */
public record UpdateOptions(int microBatches, OptionalDouble maxGradientNorm, double weightDecay) {
    /** One pass, no clipping, no decay. */
    public static final UpdateOptions DEFAULT = new UpdateOptions(1, OptionalDouble.empty(), 0);

    /**
     * Checks.
     *
     * @param microBatches at least 1
     * @param maxGradientNorm above 0
     * @param weightDecay finite and at least 0
     * @throws IllegalArgumentException naming the first rule that is broken
     */
    public UpdateOptions {
        if (microBatches < 1) {
            throw new IllegalArgumentException("microBatches must be > 0, got " + microBatches);
        }
        if (maxGradientNorm.isPresent() && !(maxGradientNorm.getAsDouble() > 0)) {
            throw new IllegalArgumentException(
                    "maxGradientNorm must be > 0, got " + maxGradientNorm.getAsDouble());
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException(
                    "weightDecay must be finite and >= 0, got " + weightDecay);
        }
    }

    /** The options by name, for a run's provenance. */
    void describe(Map<String, String> all) {
        all.put("micro_batches", Integer.toString(microBatches));
        all.put(
                "max_gradient_norm",
                maxGradientNorm.isPresent()
                        ? Double.toString(maxGradientNorm.getAsDouble())
                        : "none");
        all.put("weight_decay", Double.toString(weightDecay));
    }
}
