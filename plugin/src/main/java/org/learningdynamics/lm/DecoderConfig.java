package org.learningdynamics.lm;

import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Shape and start of a decoder-only language model.
 *
 * @param vocabularySize number of token ids V, at least 2
 * @param width size d of a hidden state
 * @param layers number of blocks
 * @param heads attention heads of a block
 * @param feedForwardWidth size of the hidden layer between a block's two matrices
 * @param maxLength longest input in tokens; it sets the size of the rotary tables
 * @param head tied or untied output matrix
 * @param activation nonlinearity of the feed-forward layers
 * @param rotaryBase base of the rotary wavelengths, above 1
 * @param dataType FLOAT or DOUBLE
 * @param seed seed of the initial parameters
 * @param keyValueHeads heads of keys and values, a divisor of {@code heads}; fewer than heads is
 *     grouped-query attention: each serves {@code heads / keyValueHeads} neighbouring query heads
 * @param headWidth size of a head's query; {@code width / heads} unless chosen
 * @param architecture what else makes the family
 */
public record DecoderConfig(
        int vocabularySize,
        int width,
        int layers,
        int heads,
        int feedForwardWidth,
        int maxLength,
        HeadKind head,
        Activation activation,
        double rotaryBase,
        DataType dataType,
        long seed,
        int keyValueHeads,
        int headWidth,
        DecoderArchitecture architecture) {
    /** Default {@link #width}. */
    public static final int DEFAULT_WIDTH = 128;

    /** Default number of {@link #layers}. */
    public static final int DEFAULT_LAYERS = 2;

    /** Default number of {@link #heads}. */
    public static final int DEFAULT_HEADS = 4;

    /** Default {@link #feedForwardWidth} as a multiple of the width. */
    public static final int DEFAULT_FEED_FORWARD_FACTOR = 4;

    /** Default {@link #maxLength} in tokens. */
    public static final int DEFAULT_MAX_LENGTH = 512;

    /** Default {@link #rotaryBase}. */
    public static final double DEFAULT_ROTARY_BASE = 10_000;

    /** Default {@link #seed}. */
    public static final long DEFAULT_SEED = 42;

    /**
     * Checks each value and the values against each other.
     *
     * @param vocabularySize number of token ids
     * @param width size of a hidden state
     * @param layers number of blocks
     * @param heads attention heads of a block
     * @param feedForwardWidth hidden size of a feed-forward layer
     * @param maxLength longest input
     * @param head tied or untied
     * @param activation nonlinearity
     * @param rotaryBase base of the wavelengths
     * @param dataType FLOAT or DOUBLE
     * @param seed seed of the parameters
     * @param keyValueHeads heads of keys and values
     * @param headWidth size of a head
     * @param architecture the family
     * @throws IllegalArgumentException naming the first rule that is broken
     */
    public DecoderConfig {
        atLeast("vocabularySize", vocabularySize, 2);
        atLeast("width", width, 2);
        atLeast("layers", layers, 1);
        atLeast("heads", heads, 1);
        atLeast("feedForwardWidth", feedForwardWidth, 1);
        atLeast("maxLength", maxLength, 1);
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(activation, "activation");
        atLeast("keyValueHeads", keyValueHeads, 1);
        atLeast("headWidth", headWidth, 1);
        Objects.requireNonNull(architecture, "architecture");
        checkHeads(heads, keyValueHeads, architecture);
        checkRotation(headWidth, architecture);
        if (!(rotaryBase > 1) || Double.isInfinite(rotaryBase)) {
            throw new IllegalArgumentException("rotaryBase must be > 1, got " + rotaryBase);
        }
        if (dataType != DataType.FLOAT && dataType != DataType.DOUBLE) {
            throw new IllegalArgumentException("dataType must be FLOAT or DOUBLE, got " + dataType);
        }
    }

    private static void checkHeads(int heads, int keyValueHeads, DecoderArchitecture architecture) {
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "keyValueHeads must divide heads = " + heads + ", got " + keyValueHeads);
        }
        if (keyValueHeads < heads && !architecture.separateProjections()) {
            throw new IllegalArgumentException(
                    "keyValueHeads must be heads = "
                            + heads
                            + " without separate projections, got "
                            + keyValueHeads);
        }
    }

    private static void checkRotation(int headWidth, DecoderArchitecture architecture) {
        int turning = turning(headWidth, architecture);
        if (architecture.positions() == PositionKind.ROTARY && (turning < 2 || turning % 2 != 0)) {
            throw new IllegalArgumentException(
                    "rotaryFraction * headWidth must be an even number of columns, got "
                            + architecture.rotaryFraction()
                            + " * "
                            + headWidth);
        }
    }

    private static int turning(int headWidth, DecoderArchitecture architecture) {
        return (int) (headWidth * architecture.rotaryFraction());
    }

    private static void atLeast(String name, int value, int minimum) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " must be >= " + minimum + ", got " + value);
        }
    }

    /**
     * Starts a configuration with the defaults of this class.
     *
     * @param vocabularySize number of token ids
     * @return a builder
     */
    public static Builder builder(int vocabularySize) {
        return new Builder(vocabularySize);
    }

    /** Columns of a head that turn with the position; the first ones. */
    int rotaryColumns() {
        return turning(headWidth, architecture);
    }

    /** Columns of all queries together. */
    int queryColumns() {
        return heads * headWidth;
    }

    /** Columns of all keys, and of all values. */
    int keyValueColumns() {
        return keyValueHeads * headWidth;
    }

    /**
     * Number of trained values.
     *
     * @return sum of the sizes of all parameters
     */
    public long parameterCount() {
        return DecoderParameters.specifications(this).stream()
                .mapToLong(DecoderParameters.Specification::size)
                .sum();
    }

    /** Collects a {@link DecoderConfig}; {@link #build} checks. */
    public static final class Builder {
        private final int vocabularySize;
        private int width = DEFAULT_WIDTH;
        private int layers = DEFAULT_LAYERS;
        private int heads = DEFAULT_HEADS;
        private int feedForwardWidth;
        private int maxLength = DEFAULT_MAX_LENGTH;
        private HeadKind head = HeadKind.TIED;
        private Activation activation = Activation.GELU;
        private double rotaryBase = DEFAULT_ROTARY_BASE;
        private DataType dataType = DataType.FLOAT;
        private long seed = DEFAULT_SEED;
        private int keyValueHeads;
        private int headWidth;
        private DecoderArchitecture architecture = DecoderArchitecture.plain();

        private Builder(int vocabularySize) {
            this.vocabularySize = vocabularySize;
        }

        /**
         * Sets the size of a hidden state.
         *
         * @param value a multiple of heads, and of 2 · heads with rotary positions, unless the
         *     {@link #headWidth} is chosen
         * @return this
         */
        public Builder width(int value) {
            width = value;
            return this;
        }

        /**
         * Sets the number of blocks.
         *
         * @param value at least 1
         * @return this
         */
        public Builder layers(int value) {
            layers = value;
            return this;
        }

        /**
         * Sets the number of attention heads.
         *
         * @param value at least 1
         * @return this
         */
        public Builder heads(int value) {
            heads = value;
            return this;
        }

        /**
         * Sets the hidden size of the feed-forward layers; four times the width if never called.
         *
         * @param value at least 1
         * @return this
         */
        public Builder feedForwardWidth(int value) {
            atLeast("feedForwardWidth", value, 1);
            feedForwardWidth = value;
            return this;
        }

        /**
         * Sets the longest input.
         *
         * @param value tokens, at least 1
         * @return this
         */
        public Builder maxLength(int value) {
            maxLength = value;
            return this;
        }

        /**
         * Chooses the output matrix.
         *
         * @param value tied or untied
         * @return this
         */
        public Builder head(HeadKind value) {
            head = value;
            return this;
        }

        /**
         * Chooses the nonlinearity.
         *
         * @param value any
         * @return this
         */
        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        /**
         * Sets the base of the rotary wavelengths.
         *
         * @param value above 1
         * @return this
         */
        public Builder rotaryBase(double value) {
            rotaryBase = value;
            return this;
        }

        /**
         * Sets the type of parameters and activations.
         *
         * @param value FLOAT or DOUBLE
         * @return this
         */
        public Builder dataType(DataType value) {
            dataType = value;
            return this;
        }

        /**
         * Sets the seed of the initial parameters.
         *
         * @param value any
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Sets the number of heads of keys and values.
         *
         * @param value a divisor of the heads; as many as heads if never called
         * @return this
         */
        public Builder keyValueHeads(int value) {
            atLeast("keyValueHeads", value, 1);
            keyValueHeads = value;
            return this;
        }

        /**
         * Sets the size of an attention head.
         *
         * @param value at least 1; width / heads if never called
         * @return this
         */
        public Builder headWidth(int value) {
            atLeast("headWidth", value, 1);
            headWidth = value;
            return this;
        }

        /**
         * Chooses the family.
         *
         * @param value this library's own by default
         * @return this
         */
        public Builder architecture(DecoderArchitecture value) {
            architecture = value;
            return this;
        }

        private int ownHeadWidth() {
            boolean rotary = architecture.positions() == PositionKind.ROTARY;
            int multiple = rotary ? 2 * heads : heads;
            if (headWidth == 0 && heads > 0 && width % multiple != 0) {
                throw new IllegalArgumentException(
                        "width must be a multiple of "
                                + (rotary ? "2 * heads = " : "heads = ")
                                + multiple
                                + ", got "
                                + width);
            }
            return headWidth > 0 ? headWidth : Math.max(1, width / Math.max(1, heads));
        }

        /**
         * Checks and builds.
         *
         * @return the configuration
         * @throws IllegalArgumentException naming the first rule that is broken
         */
        public DecoderConfig build() {
            int hidden =
                    feedForwardWidth > 0 ? feedForwardWidth : DEFAULT_FEED_FORWARD_FACTOR * width;
            return new DecoderConfig(
                    vocabularySize,
                    width,
                    layers,
                    heads,
                    hidden,
                    maxLength,
                    head,
                    activation,
                    rotaryBase,
                    dataType,
                    seed,
                    keyValueHeads > 0 ? keyValueHeads : Math.max(1, heads),
                    ownHeadWidth(),
                    architecture);
        }
    }
}
