package org.learningdynamics.samples.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.train.LearningRateDecay;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;

/** What every stage of the demo begins with: tokens, an untrained model, texts and options. */
public final class DemoBase {
    /** Longest answer that is generated (tokens). */
    public static final int MAX_ANSWER_TOKENS = 24;

    private static final int MAX_VOCABULARY = 4000;
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PROMPT_LENGTH = 32;
    private static final int WARM_UP_UPDATES = 20;

    /** A text's tokens with its end fill rows of 32 inputs. */
    private static final int PACKED_TOKENS = 31;

    private final DemoSettings settings;
    private final DemoData data;
    private final WordTokenizer tokenizer;
    private final SequenceEncoder encoder;

    /**
     * Learns the tokens.
     *
     * @param settings size and recipe
     * @param data what is learnt and watched
     */
    public DemoBase(DemoSettings settings, DemoData data) {
        this.settings = settings;
        this.data = data;
        tokenizer = WordTokenizer.train(corpus(data), MAX_VOCABULARY);
        encoder =
                new SequenceEncoder(
                        tokenizer, new Truncation(MAX_LENGTH, MAX_PROMPT_LENGTH, KeepPrompt.END));
    }

    /**
     * The tokens.
     *
     * @return the tokenizer
     */
    public WordTokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * How texts become rows.
     *
     * @return the encoder
     */
    public SequenceEncoder encoder() {
        return encoder;
    }

    /**
     * A model that has learnt nothing.
     *
     * @return a new model
     */
    public DecoderModel untrained() {
        return DecoderModel.create(
                DecoderConfig.builder(tokenizer.vocabularySize())
                        .width(settings.width())
                        .layers(settings.layers())
                        .maxLength(MAX_LENGTH)
                        .seed(settings.seed())
                        .build());
    }

    /**
     * The pre-training texts.
     *
     * @return rows that are nearly full
     */
    public TrainingData texts() {
        return TrainingData.texts(packed(data.texts()), encoder);
    }

    /**
     * The demo's options of a stage.
     *
     * @param method what is learnt
     * @param stage updates, batch and rate
     * @return the options
     */
    public TrainingOptions options(TrainingMethod method, DemoSettings.Stage stage) {
        return TrainingOptions.builder(method)
                .updates(stage.updates())
                .batchSize(stage.batch())
                .learningRate(stage.learningRate())
                .warmupUpdates(Math.min(WARM_UP_UPDATES, stage.updates() - 1))
                .decay(
                        method == TrainingMethod.PRETRAIN
                                ? LearningRateDecay.COSINE
                                : LearningRateDecay.CONSTANT)
                .beta(settings.beta())
                .seed(settings.seed())
                .build();
    }

    /** Joins lines to texts that fill the rows of a batch; padding costs as much as text. */
    private List<String> packed(List<String> lines) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int length = 0;
        for (String line : lines) {
            int tokens = tokenizer.encode(line).length;
            if (length > 0 && length + tokens > PACKED_TOKENS) {
                texts.add(text.toString());
                text.setLength(0);
                length = 0;
            }
            text.append(length == 0 ? "" : " ").append(line);
            length += tokens;
        }
        texts.add(text.toString());
        return texts;
    }

    private static List<String> corpus(DemoData data) {
        Stream<String> pairs =
                Stream.concat(data.pairs().stream(), data.heldOut().stream())
                        .flatMap(pair -> Stream.of(pair.prompt(), pair.chosen(), pair.rejected()));
        Stream<String> probes =
                data.probes().probes().stream().flatMap(p -> p.responses().values().stream());
        return Stream.of(data.texts().stream(), pairs, probes).flatMap(s -> s).toList();
    }
}
