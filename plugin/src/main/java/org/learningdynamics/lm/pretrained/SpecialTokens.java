package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Token ids with a meaning of their own, from {@code generation_config.json} or else {@code
 * config.json}.
 *
 * @param bos begins a text
 * @param eos each of them ends one; none if the files name none
 * @param pad fills rows; negative ids in the files count as absent
 */
public record SpecialTokens(OptionalInt bos, List<Integer> eos, OptionalInt pad) {
    private static final String GENERATION_CONFIG = "generation_config.json";

    /**
     * Copies the list.
     *
     * @param bos begins a text
     * @param eos ends one
     * @param pad fills rows
     */
    public SpecialTokens {
        eos = List.copyOf(eos);
    }

    static SpecialTokens read(Path folder, Options config, int vocabularySize) throws IOException {
        Path generation = folder.resolve(GENERATION_CONFIG);
        Options first = Files.exists(generation) ? Options.read(generation) : config;
        return new SpecialTokens(
                single("bos_token_id", vocabularySize, first, config),
                ids("eos_token_id", vocabularySize, first, config),
                single("pad_token_id", vocabularySize, first, config));
    }

    private static OptionalInt single(String key, int vocabularySize, Options first, Options second)
            throws IOException {
        return ids(key, vocabularySize, first, second).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private static List<Integer> ids(String key, int vocabularySize, Options first, Options second)
            throws IOException {
        boolean isSecond = second.has(key) && !first.has(key);
        Options source = isSecond ? second : first;
        List<Integer> ids = source.integers(key).stream().filter(id -> id >= 0).toList();
        if (ids.stream().anyMatch(id -> id >= vocabularySize)) {
            throw source.fail(key, "must be below vocab_size = " + vocabularySize);
        }
        return ids;
    }
}
