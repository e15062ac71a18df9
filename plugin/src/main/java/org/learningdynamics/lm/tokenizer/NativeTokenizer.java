package org.learningdynamics.lm.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import org.learningdynamics.data.DataException;

/**
 * DJL's tokenizer, and nothing else of DJL in sight. Its native memory is freed when it is garbage.
 */
final class NativeTokenizer {
    private final HuggingFaceTokenizer tokenizer;

    private NativeTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Builds the tokenizer of a tokenizer.json.
     *
     * @throws DataException if the native library is missing or the description is not one
     */
    static NativeTokenizer open(Path file, String json) {
        try {
            return new NativeTokenizer(NativeLibrary.open(json));
        } catch (EngineException e) {
            throw new DataException(
                    file
                            + ": the native tokenizer library cannot be loaded on "
                            + System.getProperty("os.name")
                            + ' '
                            + System.getProperty("os.arch")
                            + ": "
                            + e.getMessage(),
                    e);
        } catch (DataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new DataException(file + ": describes no tokenizer: " + e.getMessage(), e);
        }
    }

    /** Ids of a text without lone surrogates. */
    int[] encode(String text, boolean special) {
        try {
            long[] ids = tokenizer.encode(text, special, false).getIds();
            return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Text of ids, special tokens left out. */
    String decode(int[] ids) {
        try {
            return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
