package org.learningdynamics.lm.tokenizer;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small model folders of four families, each with the reference that encodes as it does. */
@SuppressWarnings("ImmutableEnumChecker") // Its maps are never written to.
enum SmallTokenizer {
    GPT2(
            new ReferenceBpe.Family(
                    List.of(), List.of("<|endoftext|>"), List.of(), s -> s, Words.GPT2, true),
            Map.of(),
            Map.of("add_bos_token", false, "eos_token", "<|endoftext|>")),
    NEOX(
            new ReferenceBpe.Family(
                    List.of(),
                    List.of("<|endoftext|>", "<|padding|>"),
                    List.of("      ", "    ", "  "),
                    Words::nfc,
                    Words.GPT2,
                    true),
            Map.of("normalizer", Map.of("type", "NFC")),
            Map.of("eos_token", "<|endoftext|>", "bos_token", "<|endoftext|>")),
    QWEN(
            new ReferenceBpe.Family(
                    List.of(),
                    List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
                    List.of(),
                    Words::nfc,
                    Words.QWEN,
                    true),
            Map.of(
                    "normalizer",
                    Map.of("type", "NFC"),
                    "pre_tokenizer",
                    Map.of(
                            "type",
                            "Sequence",
                            "pretokenizers",
                            List.of(
                                    Map.of(
                                            "type",
                                            "Split",
                                            "pattern",
                                            Map.of("Regex", Words.QWEN),
                                            "behavior",
                                            "Isolated",
                                            "invert",
                                            false),
                                    Words.byteLevel(false)))),
            Map.of("eos_token", "<|im_end|>", "pad_token", "<|endoftext|>")),
    LLAMA(
            new ReferenceBpe.Family(
                    List.of("<unk>", "<s>", "</s>"),
                    List.of("<unk>", "<s>", "</s>"),
                    List.of(),
                    s -> s.isEmpty() ? s : "▁" + s.replace(' ', '▁'),
                    "",
                    false),
            Words.llama(),
            Map.of(
                    "add_bos_token",
                    true,
                    "bos_token",
                    Map.of("content", "<s>", "lstrip", false),
                    "eos_token",
                    "</s>"));

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final ReferenceBpe.Family family;
    private final ReferenceBpe reference;
    private final Map<String, Object> parts;
    private final Map<String, Object> config;

    SmallTokenizer(
            ReferenceBpe.Family family, Map<String, Object> parts, Map<String, Object> config) {
        this.family = family;
        this.parts = parts;
        this.config = config;
        reference = new ReferenceBpe(family, Words.CORPUS, Words.MERGES);
    }

    ReferenceBpe reference() {
        return reference;
    }

    /** What decoding gives back of a text. */
    String decoded(String text) {
        return switch (this) {
            case GPT2 -> text;
            case NEOX, QWEN -> Words.nfc(text);
            case LLAMA -> text.replace('▁', ' ');
        };
    }

    /** Writes tokenizer.json and tokenizer_config.json. */
    Path write(Path directory) {
        write(directory, "tokenizer_config.json", config);
        return writeTokenizer(directory);
    }

    /** Writes tokenizer.json alone. */
    Path writeTokenizer(Path directory) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", modelVocabulary());
        model.put("merges", reference.merges());
        if (this == LLAMA) {
            model.put("unk_token", "<unk>");
            model.put("fuse_unk", true);
            model.put("byte_fallback", true);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("added_tokens", added());
        json.put("pre_tokenizer", Words.byteLevel(true));
        json.put("decoder", Words.byteLevel(true));
        json.putAll(parts);
        if (this == LLAMA) {
            json.remove("pre_tokenizer");
        }
        json.put("model", model);
        return write(directory, "tokenizer.json", json);
    }

    private Map<String, Integer> modelVocabulary() {
        Map<String, Integer> pieces = new LinkedHashMap<>(reference.vocabulary());
        if (this != LLAMA) {
            pieces.keySet().removeAll(family.addedRaw());
            pieces.keySet().removeAll(family.addedNormal());
        }
        return pieces;
    }

    private List<Map<String, Object>> added() {
        List<Map<String, Object>> tokens = new ArrayList<>();
        family.addedRaw().forEach(token -> tokens.add(added(token, true)));
        family.addedNormal().forEach(token -> tokens.add(added(token, false)));
        return tokens;
    }

    private Map<String, Object> added(String token, boolean special) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", reference.id(token));
        json.put("content", token);
        json.put("single_word", false);
        json.put("lstrip", false);
        json.put("rstrip", false);
        json.put("normalized", !special);
        json.put("special", special);
        return json;
    }

    static Path write(Path directory, String name, Map<String, ?> json) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve(name), GSON.toJson(json));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the constants are made of. */
    private static final class Words {
        static final int MERGES = 120;
        static final String GPT2 =
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
        static final String QWEN =
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static final List<String> CORPUS =
                List.of(
                        "The cat sat on the mat, and the other cats that sat there sat still.",
                        "Don't say it's 3 o'clock; they'll say they've said 12345 things.",
                        "naïve café größer Ålesund, 東京 and 北京, שלום עולם, مرحبا",
                        "def f(x):\n    return x  # \uD83D\uDE00 \uD83D\uDE00\r\n",
                        "system user assistant answer the question with the answer");

        static String nfc(String text) {
            return Normalizer.normalize(text, Normalizer.Form.NFC);
        }

        static Map<String, Object> byteLevel(boolean regex) {
            return Map.of(
                    "type",
                    "ByteLevel",
                    "add_prefix_space",
                    false,
                    "trim_offsets",
                    true,
                    "use_regex",
                    regex);
        }

        static Map<String, Object> llama() {
            return Map.of(
                    "normalizer",
                    sequence(
                            "normalizers",
                            Map.of("type", "Prepend", "prepend", "▁"),
                            replace(" ", "▁")),
                    "post_processor",
                    Map.of(
                            "type",
                            "TemplateProcessing",
                            "single",
                            List.of(special("<s>"), Map.of("Sequence", first("A"))),
                            "pair",
                            List.of(Map.of("Sequence", first("A")), Map.of("Sequence", first("B"))),
                            "special_tokens",
                            Map.of(
                                    "<s>",
                                    Map.of(
                                            "id",
                                            "<s>",
                                            "ids",
                                            List.of(1),
                                            "tokens",
                                            List.of("<s>")))),
                    "decoder",
                    sequence(
                            "decoders",
                            replace("▁", " "),
                            Map.of("type", "ByteFallback"),
                            Map.of("type", "Fuse"),
                            Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0)));
        }

        private static Map<String, Object> special(String token) {
            return Map.of("SpecialToken", first(token));
        }

        private static Map<String, Object> first(String id) {
            return Map.of("id", id, "type_id", 0);
        }

        private static Map<String, Object> replace(String from, String to) {
            return Map.of("type", "Replace", "pattern", Map.of("String", from), "content", to);
        }

        private static Map<String, Object> sequence(String key, Object... parts) {
            return Map.of("type", "Sequence", key, List.of(parts));
        }
    }
}
