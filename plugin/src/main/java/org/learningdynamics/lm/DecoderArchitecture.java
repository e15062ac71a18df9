package org.learningdynamics.lm;

import java.util.Objects;

/**
 * What one decoder-only language model does otherwise than another of the same size. Every family
 * is a value of this record; the graph is built from it by one description.
 *
 * <table>
 * <caption>The families</caption>
 * <tr><th></th><th>this library's</th><th>{@link #gptNeoX}</th><th>{@link #llama}</th><th>{@link #gpt2}</th></tr>
 * <tr><td>norm</td><td>RMS</td><td>layer</td><td>RMS</td><td>layer</td></tr>
 * <tr><td>positions</td><td>rotary</td><td>rotary, a part of each head</td><td>rotary</td><td>learned</td></tr>
 * <tr><td>feed-forward</td><td>plain</td><td>plain</td><td>gated</td><td>plain</td></tr>
 * <tr><td>residual</td><td>in turn</td><td>parallel or in turn</td><td>in turn</td><td>in turn</td></tr>
 * <tr><td>biases</td><td>none</td><td>all</td><td>none, or of q, k and v</td><td>all</td></tr>
 * </table>
 *
 * @param norm kind of every norm
 * @param normEpsilon ε inside the norms' roots, above 0
 * @param positions how order enters
 * @param rotaryFraction share of a head's columns that turn, in (0, 1]; the first ones do
 * @param rotaryScale positions are divided by it before they turn ("linear" scaling), at least 1
 * @param feedForward form of the feed-forward layers
 * @param parallelResidual whether attention and feed-forward layer of a block both read the block's
 *     input, {@code x + attention(n₁(x)) + feedForward(n₂(x))}, instead of one after the other
 * @param separateProjections whether queries, keys and values have a matrix each instead of one
 *     together
 * @param queryKeyValueBias whether those have biases
 * @param attentionOutputBias whether the attention's output matrix has a bias
 * @param feedForwardBias whether the feed-forward matrices have biases
 */
public record DecoderArchitecture(
        NormKind norm,
        double normEpsilon,
        PositionKind positions,
        double rotaryFraction,
        double rotaryScale,
        FeedForwardKind feedForward,
        boolean parallelResidual,
        boolean separateProjections,
        boolean queryKeyValueBias,
        boolean attentionOutputBias,
        boolean feedForwardBias) {
    /** ε of this library's own norms, and the usual one elsewhere. */
    public static final double DEFAULT_NORM_EPSILON = 1e-5;

    /**
     * Checks each value.
     *
     * @param norm kind of norm
     * @param normEpsilon above 0
     * @param positions how order enters
     * @param rotaryFraction in (0, 1]
     * @param rotaryScale at least 1
     * @param feedForward form of the feed-forward layers
     * @param parallelResidual whether both layers read the block's input
     * @param separateProjections whether q, k and v have a matrix each
     * @param queryKeyValueBias whether they have biases
     * @param attentionOutputBias whether the attention's output has a bias
     * @param feedForwardBias whether the feed-forward matrices have biases
     * @throws IllegalArgumentException naming the first rule that is broken
     */
    public DecoderArchitecture {
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(positions, "positions");
        Objects.requireNonNull(feedForward, "feedForward");
        if (!(normEpsilon > 0) || Double.isInfinite(normEpsilon)) {
            throw new IllegalArgumentException("normEpsilon must be > 0, got " + normEpsilon);
        }
        if (!(rotaryFraction > 0 && rotaryFraction <= 1)) {
            throw new IllegalArgumentException(
                    "rotaryFraction must be in (0, 1], got " + rotaryFraction);
        }
        if (!(rotaryScale >= 1) || Double.isInfinite(rotaryScale)) {
            throw new IllegalArgumentException("rotaryScale must be >= 1, got " + rotaryScale);
        }
    }

    /**
     * This library's own small models.
     *
     * @return RMS norms, rotary positions, plain feed-forward layers, no biases
     */
    public static DecoderArchitecture plain() {
        return builder().build();
    }

    /**
     * GPT-NeoX, the family of Pythia: layer norms, partly rotary heads, biases everywhere but on
     * the head. Source: Black et al., GPT-NeoX-20B, 2022.
     *
     * @param rotaryFraction share of a head's columns that turn; Pythia's is .25
     * @param parallelResidual true for Pythia
     * @return the family with ε = 1e-5
     */
    public static DecoderArchitecture gptNeoX(double rotaryFraction, boolean parallelResidual) {
        return builder()
                .norm(NormKind.LAYER)
                .rotaryFraction(rotaryFraction)
                .parallelResidual(parallelResidual)
                .queryKeyValueBias(true)
                .attentionOutputBias(true)
                .feedForwardBias(true)
                .build();
    }

    /**
     * Llama, Qwen1.5 and Qwen2: RMS norms, rotary positions, gated feed-forward layers, separate
     * projections. Source: Touvron et al., LLaMA, 2023; Yang et al., Qwen2 Technical Report, 2024.
     *
     * @param queryKeyValueBias false for Llama, true for Qwen
     * @param normEpsilon ε of the norms
     * @return the family
     */
    public static DecoderArchitecture llama(boolean queryKeyValueBias, double normEpsilon) {
        return builder()
                .normEpsilon(normEpsilon)
                .feedForward(FeedForwardKind.GATED)
                .separateProjections(true)
                .queryKeyValueBias(queryKeyValueBias)
                .build();
    }

    /**
     * GPT-2: layer norms, learnt positions, biases everywhere but on the head. Source: Radford et
     * al., Language Models are Unsupervised Multitask Learners, 2019.
     *
     * @return the family with ε = 1e-5
     */
    public static DecoderArchitecture gpt2() {
        return builder()
                .norm(NormKind.LAYER)
                .positions(PositionKind.LEARNED)
                .queryKeyValueBias(true)
                .attentionOutputBias(true)
                .feedForwardBias(true)
                .build();
    }

    /**
     * Starts from this library's own architecture.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects a {@link DecoderArchitecture}; {@link #build} checks. */
    public static final class Builder {
        private NormKind norm = NormKind.RMS;
        private double normEpsilon = DEFAULT_NORM_EPSILON;
        private PositionKind positions = PositionKind.ROTARY;
        private double rotaryFraction = 1;
        private double rotaryScale = 1;
        private FeedForwardKind feedForward = FeedForwardKind.PLAIN;
        private boolean parallelResidual;
        private boolean separateProjections;
        private boolean queryKeyValueBias;
        private boolean attentionOutputBias;
        private boolean feedForwardBias;

        private Builder() {}

        /**
         * Sets the kind of every norm.
         *
         * @param value RMS by default
         * @return this
         */
        public Builder norm(NormKind value) {
            norm = value;
            return this;
        }

        /**
         * Sets ε.
         *
         * @param value above 0
         * @return this
         */
        public Builder normEpsilon(double value) {
            normEpsilon = value;
            return this;
        }

        /**
         * Sets how order enters.
         *
         * @param value rotary by default
         * @return this
         */
        public Builder positions(PositionKind value) {
            positions = value;
            return this;
        }

        /**
         * Sets the share of a head's columns that turn.
         *
         * @param value in (0, 1]
         * @return this
         */
        public Builder rotaryFraction(double value) {
            rotaryFraction = value;
            return this;
        }

        /**
         * Sets what positions are divided by.
         *
         * @param value at least 1
         * @return this
         */
        public Builder rotaryScale(double value) {
            rotaryScale = value;
            return this;
        }

        /**
         * Sets the form of the feed-forward layers.
         *
         * @param value plain by default
         * @return this
         */
        public Builder feedForward(FeedForwardKind value) {
            feedForward = value;
            return this;
        }

        /**
         * Lets both layers of a block read its input.
         *
         * @param value false by default
         * @return this
         */
        public Builder parallelResidual(boolean value) {
            parallelResidual = value;
            return this;
        }

        /**
         * Gives queries, keys and values a matrix each.
         *
         * @param value false by default
         * @return this
         */
        public Builder separateProjections(boolean value) {
            separateProjections = value;
            return this;
        }

        /**
         * Gives queries, keys and values biases.
         *
         * @param value false by default
         * @return this
         */
        public Builder queryKeyValueBias(boolean value) {
            queryKeyValueBias = value;
            return this;
        }

        /**
         * Gives the attention's output a bias.
         *
         * @param value false by default
         * @return this
         */
        public Builder attentionOutputBias(boolean value) {
            attentionOutputBias = value;
            return this;
        }

        /**
         * Gives the feed-forward matrices biases.
         *
         * @param value false by default
         * @return this
         */
        public Builder feedForwardBias(boolean value) {
            feedForwardBias = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @return the architecture
         * @throws IllegalArgumentException naming the first rule that is broken
         */
        public DecoderArchitecture build() {
            return new DecoderArchitecture(
                    norm,
                    normEpsilon,
                    positions,
                    rotaryFraction,
                    rotaryScale,
                    feedForward,
                    parallelResidual,
                    separateProjections,
                    queryKeyValueBias,
                    attentionOutputBias,
                    feedForwardBias);
        }
    }
}
