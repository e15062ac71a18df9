package org.learningdynamics.lm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Tokenizer;

/**
 * Answers prompts in text.
 *
 * <pre>{@code
 * TextGenerator generator =
 *         TextGenerator.builder(model, encoder).maxNewTokens(64).stop(List.of("\n\n")).build();
 * List<GeneratedText> answers = generator.generate(List.of("The capital of France is"));
 * }</pre>
 *
 * <p>An answer ends at an end-of-sequence token, at the first stop text, also one that spans
 * tokens, at the most tokens it may have, or where the model's positions end. Stop texts are looked
 * for in the answer alone, decoded after each token. A prompt's draws depend on the seed and its
 * place in the list, not on the other prompts.
 */
public final class TextGenerator {
    /** Default most tokens of an answer. */
    public static final int DEFAULT_MAX_NEW_TOKENS = 128;

    private final Generator generator;
    private final SequenceEncoder encoder;
    private final int maxNewTokens;
    private final Sampling sampling;
    private final List<String> stops;
    private final IntConsumer progress;

    private TextGenerator(Builder builder) {
        Tokenizer tokenizer = builder.encoder.tokenizer();
        List<Integer> ends = new ArrayList<>(builder.stopIds);
        ends.add(tokenizer.endOfSequenceId());
        generator = new Generator(builder.model, ends);
        encoder = builder.encoder;
        maxNewTokens = builder.maxNewTokens;
        sampling = builder.sampling;
        stops = List.copyOf(builder.stops);
        progress = builder.progress;
    }

    /**
     * Starts with greedy answers of {@link #DEFAULT_MAX_NEW_TOKENS}.
     *
     * @param model the model
     * @param encoder makes tokens of prompts and cuts what is too long
     * @return a builder
     */
    public static Builder builder(DecoderModel model, SequenceEncoder encoder) {
        return new Builder(model, encoder);
    }

    /**
     * One answer to each prompt.
     *
     * @param prompts the prompts
     * @return the answers, in order
     * @throws IllegalArgumentException if a prompt has more tokens than the model takes
     */
    public List<GeneratedText> generate(List<String> prompts) {
        List<int[]> rows = prompts.stream().map(encoder::encodePrompt).toList();
        return generator.generate(rows, maxNewTokens, sampling, this::holdsStop, progress).stream()
                .map(this::text)
                .toList();
    }

    /**
     * Several answers to each prompt, drawn apart.
     *
     * @param prompts the prompts
     * @param samples answers to each, at least 1
     * @return the answers by prompt, in order
     * @throws IllegalArgumentException if samples is below 1 or a prompt is too long
     */
    public List<List<GeneratedText>> generate(List<String> prompts, int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples must be >= 1, got " + samples);
        }
        List<String> repeated = new ArrayList<>(prompts.size() * samples);
        prompts.forEach(prompt -> repeated.addAll(Collections.nCopies(samples, prompt)));
        List<GeneratedText> answers = generate(repeated);
        List<List<GeneratedText>> byPrompt = new ArrayList<>(prompts.size());
        for (int from = 0; from < answers.size(); from += samples) {
            byPrompt.add(answers.subList(from, from + samples));
        }
        return byPrompt;
    }

    private boolean holdsStop(int[] answer) {
        return !stops.isEmpty() && firstStop(encoder.tokenizer().decode(answer)) >= 0;
    }

    /** Where the first stop text begins, or -1. */
    private int firstStop(String text) {
        return stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
    }

    private GeneratedText text(GeneratedTokens answer) {
        int[] tokens = answer.tokens();
        String text = encoder.tokenizer().decode(tokens);
        int stop = firstStop(text);
        return new GeneratedText(
                stop < 0 ? text : text.substring(0, stop), tokens.length, answer.finish());
    }

    /** Collects a {@link TextGenerator}. */
    public static final class Builder {
        private final DecoderModel model;
        private final SequenceEncoder encoder;
        private int maxNewTokens = DEFAULT_MAX_NEW_TOKENS;
        private Sampling sampling = Sampling.greedy();
        private List<String> stops = List.of();
        private List<Integer> stopIds = List.of();
        private IntConsumer progress = ended -> {};

        private Builder(DecoderModel model, SequenceEncoder encoder) {
            this.model = model;
            this.encoder = encoder;
        }

        /**
         * Sets the most tokens of an answer.
         *
         * @param value at least 1
         * @return this
         */
        public Builder maxNewTokens(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxNewTokens must be >= 1, got " + value);
            }
            maxNewTokens = value;
            return this;
        }

        /**
         * Sets how tokens are chosen.
         *
         * @param value greedy by default
         * @return this
         */
        public Builder sampling(Sampling value) {
            sampling = Objects.requireNonNull(value, "sampling");
            return this;
        }

        /**
         * Sets texts that end an answer and are left out of it.
         *
         * @param texts none of them empty
         * @return this
         */
        public Builder stop(Collection<String> texts) {
            if (texts.contains("")) {
                throw new IllegalArgumentException("stop texts must not be empty, got \"\"");
            }
            stops = List.copyOf(texts);
            return this;
        }

        /**
         * Sets ids that end an answer beside the tokenizer's own end.
         *
         * @param ids token ids
         * @return this
         */
        public Builder stopIds(Collection<Integer> ids) {
            stopIds = List.copyOf(ids);
            return this;
        }

        /**
         * Sets who is told, on the calling thread, how many answers have ended.
         *
         * @param ended told the number
         * @return this
         */
        public Builder progress(IntConsumer ended) {
            progress = Objects.requireNonNull(ended, "progress");
            return this;
        }

        /**
         * Builds the generator.
         *
         * @return the generator
         * @throws IllegalArgumentException if an end is outside the model's vocabulary
         */
        public TextGenerator build() {
            return new TextGenerator(this);
        }
    }
}
