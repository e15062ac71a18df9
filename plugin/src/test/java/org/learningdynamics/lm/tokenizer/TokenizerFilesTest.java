package org.learningdynamics.lm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.data.DataException;

/** What the files of a model's folder say, and what is refused. */
class TokenizerFilesTest {
    private static final ReferenceBpe NEOX = SmallTokenizer.NEOX.reference();

    @TempDir Path folder;

    @Test
    void tokenizerConfigComesBeforeTheOtherFiles() {
        SmallTokenizer.NEOX.writeTokenizer(folder);
        write("generation_config.json", Map.of("eos_token_id", 4, "pad_token_id", 7));
        assertEquals(4, load().endOfSequenceId());
        assertEquals(7, load().paddingId());
        write("config.json", Map.of("eos_token_id", List.of(6, 5), "pad_token_id", -1));
        assertEquals(6, load().endOfSequenceId());
        assertEquals(7, load().paddingId());
        write("special_tokens_map.json", Map.of("eos_token", Map.of("content", "a")));
        assertEquals(NEOX.id("a"), load().endOfSequenceId());
        write("tokenizer_config.json", Map.of("eos_token", "<|padding|>"));
        assertEquals(NEOX.id("<|padding|>"), load().endOfSequenceId());
    }

    @Test
    void generationStopsAtTheEndsOfAllFiles() {
        SmallTokenizer.NEOX.write(folder);
        write("config.json", Map.of("eos_token_id", 5));
        write("generation_config.json", Map.of("eos_token_id", List.of(9, 5)));
        assertEquals(List.of(5, 9, NEOX.id("<|endoftext|>")), load().stopIds());
        assertEquals(NEOX.id("<|endoftext|>"), load().endOfSequenceId());
    }

    @Test
    void paddingIsTheEndWhereNoFileNamesOne() {
        SmallTokenizer.NEOX.write(folder);
        assertEquals(NEOX.id("<|endoftext|>"), load().paddingId());
        write("special_tokens_map.json", Map.of("pad_token", "<|padding|>"));
        assertEquals(NEOX.id("<|padding|>"), load().paddingId());
    }

    @Test
    void thePostProcessorDecidesWhereTheConfigurationIsSilent() {
        SmallTokenizer.LLAMA.writeTokenizer(folder);
        write("tokenizer_config.json", Map.of("eos_token", "</s>", "bos_token", "<s>"));
        assertEquals(1, load().encodePrompt("cat")[0]);
        write(
                "tokenizer_config.json",
                Map.of("eos_token", "</s>", "bos_token", "<s>", "add_bos_token", false));
        assertEquals(load().encode("cat").length, load().encodePrompt("cat").length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer_config.json | {\"eos_token\": \"<end>\"} | \"eos_token\" is <end>, which"
                        + " tokenizer.json does not have",
                "tokenizer_config.json | {\"eos_token\": 3} | \"eos_token\" must be a token's text,"
                        + " got 3",
                "tokenizer_config.json | {\"add_bos_token\": 1} | \"add_bos_token\" must be true or"
                        + " false, got 1",
                "tokenizer_config.json | {\"add_bos_token\": true} | \"add_bos_token\" is true"
                        + " without a bos_token",
                "tokenizer_config.json | {\"added_tokens_decoder\": {\"9\": {\"content\":"
                        + " \"<x>\"}}} | \"added_tokens_decoder\" is <x>, which tokenizer.json"
                        + " does not have",
                "tokenizer_config.json | [] | must hold a JSON object, got another value",
                "config.json | {\"eos_token_id\": \"x\"} | \"eos_token_id\" must be an integer or a"
                        + " list of them, got \"x\"",
                "config.json | {\"eos_token_id\": 1.5} | \"eos_token_id\" must be an integer or a"
                        + " list of them, got 1.5",
                "config.json | {\"eos_token_id\": 99999} | \"eos_token_id\" must be <",
                "config.json | {\"eos_token_id\": | is not JSON: ",
            })
    void refusesWhatTheFilesCannotMean(String file, String json, String words) throws IOException {
        SmallTokenizer.NEOX.writeTokenizer(folder);
        write("special_tokens_map.json", Map.of("eos_token", "<|endoftext|>"));
        Files.writeString(folder.resolve(file), json);
        assertRefused(words);
    }

    @Test
    void refusesAFolderThatNamesNoEnd() {
        SmallTokenizer.NEOX.writeTokenizer(folder);
        assertRefused("no end-of-sequence token: none of tokenizer_config.json,");
    }

    @Test
    void refusesAFolderWithoutTokenizer() {
        assertRefused("tokenizer.json: cannot be read: java.nio.file.NoSuchFileException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": {\"type\": \"BPE\" | is not JSON: ",
                "{\"model\": {\"type\": \"BPE\"}} | \"model.vocab\" is missing",
                "{\"added_tokens\": []} | \"model.vocab\" is missing",
                "{\"model\": {\"type\": \"Odd\", \"vocab\": {\"a\": 0}}} | describes no tokenizer: ",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}} | the id of \"a\" must be an integer,"
                        + " got \"b\"",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [7]} | \"added_tokens\""
                        + " must be tokens with content and id, got 7",
            })
    void refusesABrokenTokenizer(String json, String words) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        write("config.json", Map.of("eos_token_id", 0));
        assertRefused("tokenizer.json: " + words);
    }

    @Test
    void saysWhichArtifactIsMissing() throws Exception {
        SmallTokenizer.GPT2.write(folder);
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.replace('\\', '/').contains("/ai/djl/")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(
                        urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(PretrainedTokenizer.class.getName());
            Exception e =
                    assertThrows(
                            InvocationTargetException.class,
                            () -> type.getMethod("load", Path.class).invoke(null, folder));
            assertEquals(
                    folder.resolve("tokenizer.json")
                            + ": reading it needs DJL on the class path; add the dependency"
                            + " ai.djl.huggingface:tokenizers",
                    e.getCause().getMessage());
        }
    }

    private void write(String file, Map<String, ?> json) {
        SmallTokenizer.write(folder, file, json);
    }

    private PretrainedTokenizer load() {
        return PretrainedTokenizer.load(folder);
    }

    private void assertRefused(String words) {
        String message = assertThrows(DataException.class, this::load).getMessage();
        assertTrue(message.startsWith(folder.toString()), message);
        assertTrue(message.contains(words), message);
    }
}
