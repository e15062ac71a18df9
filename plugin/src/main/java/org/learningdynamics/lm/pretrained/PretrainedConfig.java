package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.lm.PositionKind;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The configuration of a checkpoint folder in the layout of Hugging Face's libraries: {@code
 * config.json}, {@code generation_config.json} if there is one.
 *
 * <p>Model types: {@code gpt_neox} (Pythia), {@code llama}, {@code qwen2} (Qwen1.5, Qwen2,
 * Qwen2.5), {@code gpt2}. Every option is understood, or known to change neither weights nor
 * answers, or refused by name and value.
 */
public final class PretrainedConfig {
    private static final String FILE = "config.json";

    private final Path folder;
    private final String modelType;
    private final Family family;
    private final DecoderConfig decoder;
    private final SpecialTokens specialTokens;

    private PretrainedConfig(
            Path folder,
            String modelType,
            Family family,
            DecoderConfig decoder,
            SpecialTokens specialTokens) {
        this.folder = folder;
        this.modelType = modelType;
        this.family = family;
        this.decoder = decoder;
        this.specialTokens = specialTokens;
    }

    /**
     * Reads a folder's configuration; no weights.
     *
     * @param folder the folder that holds {@code config.json}
     * @return the configuration
     * @throws PretrainedException naming an option that is missing, wrong or not supported
     * @throws IOException if the file cannot be read
     */
    public static PretrainedConfig read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        Options options = Options.read(file);
        Family family = Family.of(options);
        Family.refuseForeign(options);
        try {
            DecoderConfig decoder = family.read(options).build();
            SpecialTokens tokens = SpecialTokens.read(folder, options, decoder.vocabularySize());
            options.refuseOthers(family.harmless());
            return new PretrainedConfig(
                    folder, options.text("model_type", ""), family, decoder, tokens);
        } catch (IllegalArgumentException broken) {
            throw new PretrainedException(file, String.valueOf(broken.getMessage()), broken);
        }
    }

    /**
     * The same with shorter rows, which makes the rotary tables of every graph smaller.
     *
     * @param maxLength longest row in tokens, at most as many as the checkpoint has positions
     * @return this configuration with another maxLength
     * @throws IllegalArgumentException if the length is longer, below 1, or if positions are
     *     learnt: their table is a weight and keeps its size
     */
    public PretrainedConfig withMaxLength(int maxLength) {
        boolean isLearnt = decoder.architecture().positions() == PositionKind.LEARNED;
        int most = decoder.maxLength();
        if (isLearnt && maxLength != most) {
            throw new IllegalArgumentException(
                    "maxLength must be %d where positions are learnt, got %d"
                            .formatted(most, maxLength));
        }
        if (maxLength > most || maxLength < 1) {
            throw new IllegalArgumentException(
                    "maxLength must be from 1 to %d, got %d".formatted(most, maxLength));
        }
        DecoderConfig shorter = changed(maxLength, decoder.dataType());
        return new PretrainedConfig(folder, modelType, family, shorter, specialTokens);
    }

    /** The decoder's configuration with another length and type. */
    DecoderConfig changed(int maxLength, DataType type) {
        return new DecoderConfig(
                decoder.vocabularySize(),
                decoder.width(),
                decoder.layers(),
                decoder.heads(),
                decoder.feedForwardWidth(),
                maxLength,
                decoder.head(),
                decoder.activation(),
                decoder.rotaryBase(),
                type,
                decoder.seed(),
                decoder.keyValueHeads(),
                decoder.headWidth(),
                decoder.architecture());
    }

    /**
     * The checkpoint's folder.
     *
     * @return as given
     */
    public Path folder() {
        return folder;
    }

    /**
     * The option {@code model_type}.
     *
     * @return gpt_neox, llama, qwen2 or gpt2
     */
    public String modelType() {
        return modelType;
    }

    /**
     * Shape and architecture.
     *
     * @return a configuration in single precision
     */
    public DecoderConfig decoder() {
        return decoder;
    }

    /**
     * Ids of the tokens that begin, end and pad texts.
     *
     * @return what the files say
     */
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    Family family() {
        return family;
    }

    /** The file that everything but the special tokens comes from. */
    Path file() {
        return folder.resolve(FILE);
    }

    /** Views of every parameter, under the names that the file uses. */
    List<TensorView> views(Collection<String> tensors) {
        boolean isPrefixed = tensors.stream().anyMatch(name -> name.startsWith(family.prefix()));
        TensorViews views = new TensorViews(decoder);
        family.map(decoder, isPrefixed ? family.prefix() : "", views);
        if (decoder.head() == HeadKind.UNTIED) {
            views.linear(family.head(), "head");
        }
        return views.all();
    }
}
