package org.learningdynamics.lm;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Low-rank adapters: {@code x·W + (α/r) · x·A·B} with the matrix W frozen, {@code A // [in, r]} and
 * {@code B // [r, out]} trained. A starts uniform in {@code ±1/√in}, B at 0, so that an adapted
 * model starts as the model it adapts. Source: Hu et al., LoRA: Low-Rank Adaptation of Large
 * Language Models, ICLR 2022, section 4.1; start as in PEFT.
 *
 * @param rank r, at least 1
 * @param alpha α, above 0
 * @param targets the adapted matrices of every block, at least one
 * @param seed seed of A
 */
public record LoraConfig(int rank, double alpha, Set<LoraTarget> targets, long seed) {
    /** Default rank. */
    public static final int DEFAULT_RANK = 8;

    /** Default α. */
    public static final double DEFAULT_ALPHA = 16;

    /**
     * Checks each value.
     *
     * @param rank at least 1
     * @param alpha above 0
     * @param targets at least one
     * @param seed any
     * @throws IllegalArgumentException naming the first rule that is broken
     */
    public LoraConfig {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be >= 1, got " + rank);
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be > 0, got " + alpha);
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets must name at least one matrix, got none");
        }
        targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
    }

    /**
     * Adapters on queries and values, or on the matrix that holds them, with the defaults of this
     * class.
     *
     * @param config the model to adapt
     * @return rank 8, α = 16
     */
    public static LoraConfig defaults(DecoderConfig config) {
        Set<LoraTarget> targets =
                config.architecture().separateProjections()
                        ? EnumSet.of(LoraTarget.QUERY, LoraTarget.VALUE)
                        : EnumSet.of(LoraTarget.QUERY_KEY_VALUE);
        return new LoraConfig(DEFAULT_RANK, DEFAULT_ALPHA, targets, DecoderConfig.DEFAULT_SEED);
    }

    /**
     * Matrices that a model has.
     *
     * @param config the model
     * @return what can be a target
     */
    public static List<LoraTarget> available(DecoderConfig config) {
        Set<String> names = DecoderParameters.names(config);
        return List.of(LoraTarget.values()).stream()
                .filter(target -> names.contains(target.matrix(0)))
                .toList();
    }

    /** The factor of x·A·B. */
    double scale() {
        return alpha / rank;
    }
}
