package org.learningdynamics.lm.tokenizer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.data.Tokenizer;

/**
 * The tokenizer of a pretrained model, as its folder describes it: {@code tokenizer.json} makes
 * tokens of text, the files beside it name the special ones. Needs {@code
 * ai.djl.huggingface:tokenizers}; never opens a connection. The native library is unpacked from its
 * jar into a temporary folder that is deleted at once, or into the folder that {@code
 * ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR} names (environment or system property), where it
 * stays.
 *
 * <p>Special tokens are looked up in {@code tokenizer_config.json}, {@code special_tokens_map.json}
 * (by text), {@code config.json}, {@code generation_config.json} (by id), in this order. A model
 * without padding token (GPT-2, Pythia) pads with its end-of-sequence token; that changes nothing,
 * as padding is on the right, is nobody's label, and no token attends to what follows it.
 *
 * <p>{@link #encode} never adds special tokens. Text that spells an added token, such as {@code
 * <|im_start|>}, becomes that token, as in Python: chat templates rely on it, so clean text that
 * must not do that. The {@code add_bos_token} of tokenizer_config.json, or where it says nothing
 * the post-processor of tokenizer.json, decides whether {@link #encodePrompt} begins with the
 * beginning-of-sequence token; a text that begins with that token already gets no second one.
 *
 * <p>At the seam of prompt and response ({@link SequenceEncoder}) both are tokenized apart: no
 * piece spans it, and the response's tokens do not depend on the prompt. So the pair may be
 * tokenized otherwise than the joined text: a prompt that ends in a space keeps it as a token of
 * its own where the joined text would begin the next word with it; and a tokenizer that puts a
 * space before every text (Llama 2, Mistral) puts one before the response too. Begin responses with
 * their space, or use a chat template, where a special token stands at the seam.
 *
 * <p>Half a surrogate pair, which UTF-8 cannot express, reads U+FFFD. Immutable; safe for use by
 * several threads. Native memory is freed with the object. Cost: linear in the text, about a
 * microsecond a token.
 */
public final class PretrainedTokenizer implements Tokenizer {
    private static final String FILE = "tokenizer.json";
    private static final char REPLACEMENT = '\uFFFD';

    private final Path directory;
    private final NativeTokenizer tokens;
    private final int vocabularySize;
    private final int end;
    private final int padding;
    private final OptionalInt begin;
    private final boolean addsBegin;
    private final List<Integer> stops;
    private final String digest;

    private PretrainedTokenizer(Path directory, JsonFile file) {
        Vocabulary vocabulary = new Vocabulary(file);
        SpecialTokens special = new SpecialTokens(directory, vocabulary);
        this.directory = directory;
        vocabularySize = vocabulary.size();
        end = special.end();
        padding = special.padding();
        begin = special.begin();
        stops = List.copyOf(special.stops());
        tokens = open(file);
        addsBegin = special.addsBegin().orElseGet(this::postProcessorAddsBegin);
        if (addsBegin && begin.isEmpty()) {
            throw new DataException(directory + ": \"add_bos_token\" is true without a bos_token");
        }
        digest =
                Sha256.ofParts(
                        "pretrained-tokenizer-1",
                        file.text(),
                        stops + " " + end + " " + padding + " " + begin + " " + addsBegin);
    }

    /**
     * Reads a model's folder.
     *
     * @param directory holds {@code tokenizer.json}, and the files that name its special tokens
     * @return the tokenizer
     * @throws DataException if tokenizer.json is missing or broken, no file names an
     *     end-of-sequence token, a file names a token that tokenizer.json lacks, or DJL is not on
     *     the class path
     */
    public static PretrainedTokenizer load(Path directory) {
        return new PretrainedTokenizer(directory, JsonFile.required(directory.resolve(FILE)));
    }

    private static NativeTokenizer open(JsonFile file) {
        try {
            return NativeTokenizer.open(file.file(), file.text());
        } catch (NoClassDefFoundError e) {
            throw new DataException(
                    file.file()
                            + ": reading it needs DJL on the class path; add the dependency"
                            + " ai.djl.huggingface:tokenizers",
                    e);
        }
    }

    private boolean postProcessorAddsBegin() {
        int[] empty = tokens.encode("", true);
        return begin.isPresent() && empty.length > 0 && empty[0] == begin.getAsInt();
    }

    @Override
    public int[] encode(String text) {
        return tokens.encode(withoutLoneSurrogates(text), false);
    }

    /** As {@link #encode}, behind the beginning-of-sequence token where the model wants one. */
    @Override
    public int[] encodePrompt(String text) {
        int[] ids = encode(text);
        if (!addsBegin || (ids.length > 0 && ids[0] == begin.getAsInt())) {
            return ids;
        }
        int[] prompt = new int[ids.length + 1];
        prompt[0] = begin.getAsInt();
        System.arraycopy(ids, 0, prompt, 1, ids.length);
        return prompt;
    }

    private static String withoutLoneSurrogates(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(
                        c ->
                                c <= Character.MAX_VALUE && Character.isSurrogate((char) c)
                                        ? REPLACEMENT
                                        : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /**
     * {@inheritDoc} Tokens that together are no UTF-8 read U+FFFD.
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    @Override
    public String decode(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new IllegalArgumentException(
                        "id must be in [0, " + vocabularySize + "), got " + id);
            }
        }
        return tokens.decode(Arrays.stream(ids).filter(this::isText).toArray());
    }

    private boolean isText(int id) {
        return id != end && id != padding && (begin.isEmpty() || id != begin.getAsInt());
    }

    /** The largest id and one; a model's embedding may have more rows. */
    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    /** The tokenizer's own end, which training puts behind responses. */
    @Override
    public int endOfSequenceId() {
        return end;
    }

    /**
     * Every id at which generation ends: the tokenizer's own end, and what config.json and
     * generation_config.json name, one id or several.
     *
     * @return at least one id, in ascending order
     */
    public List<Integer> stopIds() {
        return stops;
    }

    @Override
    public int paddingId() {
        return padding;
    }

    /**
     * The id that begins sequences, for models that have one.
     *
     * @return its id, or empty
     */
    public OptionalInt beginningOfSequenceId() {
        return begin;
    }

    /**
     * Checks that a model has an embedding for every id.
     *
     * @param modelVocabularySize rows of the model's embedding
     * @throws DataException if this tokenizer has more ids
     */
    public void checkFits(int modelVocabularySize) {
        if (vocabularySize > modelVocabularySize) {
            throw new DataException(
                    directory
                            + ": the tokenizer's number of ids must be <= the model's vocabulary "
                            + modelVocabularySize
                            + ", got "
                            + vocabularySize);
        }
    }

    /** Covers tokenizer.json and the special tokens. */
    @Override
    public String digest() {
        return digest;
    }
}
