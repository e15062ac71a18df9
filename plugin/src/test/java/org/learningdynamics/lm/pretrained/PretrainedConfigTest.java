package org.learningdynamics.lm.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.lm.Activation;
import org.learningdynamics.lm.DecoderArchitecture;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.HeadKind;
import org.nd4j.linalg.api.buffer.DataType;

class PretrainedConfigTest {
    private static final String NEOX = "gpt-neox-parallel";
    private static final String LLAMA = "llama-grouped";
    private static final String QWEN = "qwen2-tied";
    private static final String GPT2 = "gpt2";

    @TempDir private Path folder;

    @Test
    void readsGptNeoX() throws IOException {
        PretrainedConfig config = PretrainedConfig.read(Checkpoints.folder(NEOX));
        assertEquals("gpt_neox", config.modelType());
        assertEquals(
                DecoderConfig.builder(40)
                        .width(32)
                        .layers(2)
                        .heads(2)
                        .feedForwardWidth(48)
                        .maxLength(64)
                        .head(HeadKind.UNTIED)
                        .activation(Activation.GELU_EXACT)
                        .architecture(DecoderArchitecture.gptNeoX(0.25, true))
                        .build(),
                config.decoder());
        assertEquals(
                new SpecialTokens(OptionalInt.of(0), List.of(0), OptionalInt.empty()),
                config.specialTokens());
    }

    @Test
    void readsLlama() throws IOException {
        PretrainedConfig config = PretrainedConfig.read(Checkpoints.folder(LLAMA));
        DecoderConfig decoder = config.decoder();
        assertEquals("llama", config.modelType());
        assertEquals(4, decoder.heads());
        assertEquals(2, decoder.keyValueHeads());
        assertEquals(8, decoder.headWidth());
        assertEquals(5000, decoder.rotaryBase());
        assertEquals(2.5, decoder.architecture().rotaryScale());
        assertEquals(Activation.SWISH, decoder.activation());
        assertEquals(DataType.FLOAT, decoder.dataType());
        assertEquals(List.of(2, 3), config.specialTokens().eos());
    }

    @Test
    void readsQwenAndGpt2() throws IOException {
        DecoderConfig qwen = PretrainedConfig.read(Checkpoints.folder(QWEN)).decoder();
        assertEquals(DecoderArchitecture.llama(true, 1e-6), qwen.architecture());
        assertEquals(HeadKind.TIED, qwen.head());
        assertEquals(6, qwen.headWidth());
        DecoderConfig gpt2 = PretrainedConfig.read(Checkpoints.folder(GPT2)).decoder();
        assertEquals(DecoderArchitecture.gpt2(), gpt2.architecture());
        assertEquals(HeadKind.TIED, gpt2.head());
        assertEquals(96, gpt2.feedForwardWidth());
        assertEquals(32, gpt2.maxLength());
        assertEquals(Activation.GELU_TANH, gpt2.activation());
    }

    /** Options and sizes as published with the models. */
    static Stream<Arguments> published() {
        return Stream.of(
                arguments(
                        405_334_016L, // Pythia-410M
                        """
                        {"architectures": ["GPTNeoXForCausalLM"], "bos_token_id": 0,
                         "eos_token_id": 0, "hidden_act": "gelu", "hidden_size": 1024,
                         "initializer_range": 0.02, "intermediate_size": 4096,
                         "layer_norm_eps": 1e-05, "max_position_embeddings": 2048,
                         "model_type": "gpt_neox", "num_attention_heads": 16,
                         "num_hidden_layers": 24, "rotary_emb_base": 10000, "rotary_pct": 0.25,
                         "tie_word_embeddings": false, "torch_dtype": "float16",
                         "transformers_version": "4.24.0", "use_cache": true,
                         "use_parallel_residual": true, "vocab_size": 50304}
                        """),
                arguments(
                        463_987_712L, // Qwen1.5-0.5B
                        """
                        {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0,
                         "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu",
                         "hidden_size": 1024, "initializer_range": 0.02,
                         "intermediate_size": 2816, "max_position_embeddings": 32768,
                         "max_window_layers": 21, "model_type": "qwen2",
                         "num_attention_heads": 16, "num_hidden_layers": 24,
                         "num_key_value_heads": 16, "rms_norm_eps": 1e-06,
                         "rope_theta": 1000000.0, "sliding_window": 32768,
                         "tie_word_embeddings": true, "torch_dtype": "bfloat16",
                         "transformers_version": "4.37.0", "use_cache": true,
                         "use_sliding_window": false, "vocab_size": 151936}
                        """),
                arguments(
                        124_439_808L, // GPT-2
                        """
                        {"activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"],
                         "attn_pdrop": 0.1, "bos_token_id": 50256, "embd_pdrop": 0.1,
                         "eos_token_id": 50256, "initializer_range": 0.02,
                         "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": 1024,
                         "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024,
                         "resid_pdrop": 0.1, "summary_activation": null,
                         "summary_first_dropout": 0.1, "summary_proj_to_labels": true,
                         "summary_type": "cls_index", "summary_use_proj": true,
                         "task_specific_params": {"text-generation": {"max_length": 50}},
                         "vocab_size": 50257}
                        """),
                arguments(
                        134_515_008L, // SmolLM2-135M
                        """
                        {"architectures": ["LlamaForCausalLM"], "attention_bias": false,
                         "attention_dropout": 0.0, "bos_token_id": 0, "eos_token_id": 0,
                         "hidden_act": "silu", "hidden_size": 576,
                         "initializer_range": 0.041666666666666664, "intermediate_size": 1536,
                         "is_llama_config": true, "max_position_embeddings": 8192,
                         "model_type": "llama", "num_attention_heads": 9,
                         "num_hidden_layers": 30, "num_key_value_heads": 3,
                         "pretraining_tp": 1, "rms_norm_eps": 1e-05,
                         "rope_interleaved": false, "rope_scaling": null,
                         "rope_theta": 100000, "tie_word_embeddings": true,
                         "torch_dtype": "bfloat16", "transformers_version": "4.40.1",
                         "use_cache": true, "vocab_size": 49152}
                        """));
    }

    @ParameterizedTest
    @MethodSource("published")
    void publishedModelsHaveTheirPublishedSize(long parameters, String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        assertEquals(parameters, PretrainedConfig.read(folder).decoder().parameterCount());
    }

    @Test
    void biasesFollowTheOptions() throws IOException {
        DecoderArchitecture neox = read(NEOX, "{'attention_bias': false}").architecture();
        assertEquals("false false true", biases(neox));
        assertEquals("false false false", biases(read(LLAMA, "{}").architecture()));
        assertEquals(
                "true true false", biases(read(LLAMA, "{'attention_bias': true}").architecture()));
        assertEquals("false false true", biases(read(LLAMA, "{'mlp_bias': true}").architecture()));
        assertEquals("true false false", biases(read(QWEN, "{}").architecture()));
    }

    private static String biases(DecoderArchitecture architecture) {
        return architecture.queryKeyValueBias()
                + " "
                + architecture.attentionOutputBias()
                + " "
                + architecture.feedForwardBias();
    }

    @Test
    void rotationIsReadFromWhereverAVersionPutsIt() throws IOException {
        String newer =
                "{'rotary_pct': null, 'rotary_emb_base': null, 'rope_parameters':"
                        + " {'rope_type': 'default', 'rope_theta': 500.0,"
                        + " 'partial_rotary_factor': 0.5}}";
        DecoderConfig neox = read(NEOX, newer);
        assertEquals(500, neox.rotaryBase());
        assertEquals(0.5, neox.architecture().rotaryFraction());
        DecoderConfig bare = read(NEOX, "{'rotary_pct': null, 'rotary_emb_base': null}");
        assertEquals(10_000, bare.rotaryBase());
        assertEquals(0.25, bare.architecture().rotaryFraction());
        DecoderConfig plain = read(LLAMA, "{'rope_scaling': null}");
        assertEquals(1, plain.architecture().rotaryScale());
        String linear = "{'rope_scaling': {'rope_type': 'linear', 'factor': 4}}";
        assertEquals(4, read(LLAMA, linear).architecture().rotaryScale());
    }

    @Test
    void absentOptionsHaveTheirFamilysUsualValues() throws IOException {
        DecoderConfig llama =
                read(
                        LLAMA,
                        "{'num_key_value_heads': null, 'head_dim': null, 'rms_norm_eps': null,"
                                + " 'rope_theta': null, 'rope_scaling': null, 'hidden_act': null,"
                                + " 'tie_word_embeddings': null}");
        assertEquals(4, llama.keyValueHeads());
        assertEquals(6, llama.headWidth());
        assertEquals(DecoderArchitecture.llama(false, 1e-6), llama.architecture());
        assertEquals(HeadKind.UNTIED, llama.head());
        assertEquals(20, read(GPT2, "{'n_inner': 20}").feedForwardWidth());
        assertEquals(HeadKind.UNTIED, read(GPT2, "{'tie_word_embeddings': false}").head());
    }

    @Test
    void knowsTheActivationsByTheirNames() throws IOException {
        assertEquals(Activation.GELU_TANH, read(NEOX, "{'hidden_act': 'gelu_fast'}").activation());
        assertEquals(Activation.GELU, read(NEOX, "{'hidden_act': 'quick_gelu'}").activation());
        assertEquals(
                Activation.GELU_EXACT, read(GPT2, "{'activation_function': 'gelu'}").activation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'use_cache': false, 'attention_dropout': 0.3, '_name_or_path': 'x/y'}",
                "{'quantization_config': null, 'something_new': null, 'pruned_heads': {}}",
                "{'is_encoder_decoder': false, 'add_cross_attention': false}"
            })
    void ignoresWhatChangesNothing(String options) throws IOException {
        for (String name : List.of(NEOX, LLAMA, QWEN, GPT2)) {
            assertEquals(
                    PretrainedConfig.read(Checkpoints.folder(name)).decoder(), read(name, options));
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(
                        NEOX,
                        "{'model_type': 'mamba'}",
                        "model_type must be gpt_neox, gpt2, llama or qwen2, got \"mamba\""),
                arguments(
                        NEOX,
                        "{'model_type': null}",
                        "model_type must be gpt_neox, gpt2, llama or qwen2, got null"),
                arguments(
                        NEOX,
                        "{'quantization_config': {'bits': 4}, 'alibi': true}",
                        "unknown options that could change the model:"
                                + " quantization_config = {\"bits\":4}, alibi = true"),
                arguments(
                        NEOX,
                        "{'auto_map': {'AutoConfig': 'x.Y'}}",
                        "unknown options that could change the model: auto_map = "
                                + "{\"AutoConfig\":\"x.Y\"}"),
                arguments(NEOX, "{'vocab_size': null}", "vocab_size is missing"),
                arguments(NEOX, "{'vocab_size': 0}", "vocab_size must be >= 1, got 0"),
                arguments(
                        NEOX,
                        "{'vocab_size': '5'}",
                        "vocab_size must be a whole number, got \"5\""),
                arguments(
                        NEOX, "{'vocab_size': 5.5}", "vocab_size must be a whole number, got 5.5"),
                arguments(
                        NEOX,
                        "{'hidden_size': 3000000000}",
                        "hidden_size must be a whole number, got 3000000000"),
                arguments(
                        NEOX,
                        "{'hidden_size': 33}",
                        "hidden_size must be a multiple of num_attention_heads = 2, got 33"),
                arguments(
                        NEOX,
                        "{'layer_norm_eps': 'x'}",
                        "layer_norm_eps must be a number, got \"x\""),
                arguments(NEOX, "{'layer_norm_eps': 0}", "normEpsilon must be > 0, got 0.0"),
                arguments(
                        NEOX,
                        "{'use_parallel_residual': 1}",
                        "use_parallel_residual must be true or false, got 1"),
                arguments(
                        NEOX,
                        "{'rotary_pct': 0.2}",
                        "rotaryFraction * headWidth must be an even number of columns,"
                                + " got 0.2 * 16"),
                arguments(
                        NEOX,
                        "{'rope_theta': 500}",
                        "rotary_emb_base must be what rope_theta says, 500.0, got 10000.0"),
                arguments(NEOX, "{'hidden_act': 'relu'}", "hidden_act must be gelu, gelu_new,"),
                arguments(NEOX, "{'hidden_act': 3}", "hidden_act must be a string, got 3"),
                arguments(
                        NEOX,
                        "{'is_encoder_decoder': true}",
                        "is_encoder_decoder must be false, got true"),
                arguments(
                        NEOX,
                        "{'pruned_heads': {'1': [0]}}",
                        "unknown options that could change the model: pruned_heads.1 = [0]"),
                arguments(
                        NEOX,
                        "{'eos_token_id': 40}",
                        "eos_token_id must be below vocab_size = 40, got 40"),
                arguments(
                        LLAMA,
                        "{'rope_scaling': {'rope_type': 'llama3', 'factor': 8.0}}",
                        "rope_scaling.rope_type must be default or linear, got \"llama3\""),
                arguments(
                        LLAMA,
                        "{'rope_scaling': {'type': 'yarn', 'factor': 8.0}}",
                        "rope_scaling.type must be default or linear, got \"yarn\""),
                arguments(
                        LLAMA,
                        "{'rope_scaling': {'type': 'linear'}}",
                        "rope_scaling.factor must be >= 1, got null"),
                arguments(
                        LLAMA,
                        "{'rope_scaling': {'type': 'linear', 'factor': 0.5}}",
                        "rope_scaling.factor must be >= 1, got 0.5"),
                arguments(
                        LLAMA,
                        "{'rope_scaling': {'type': 'linear', 'factor': 2, 'beta': 1}}",
                        "unknown options that could change the model: rope_scaling.beta = 1"),
                arguments(
                        LLAMA,
                        "{'rope_interleaved': true}",
                        "rope_interleaved must be false, got true"),
                arguments(LLAMA, "{'rope_scaling': 2}", "rope_scaling must be an object, got 2"),
                arguments(
                        LLAMA,
                        "{'partial_rotary_factor': 0.5}",
                        "partial_rotary_factor must be 1, got 0.5"),
                arguments(
                        LLAMA,
                        "{'num_key_value_heads': 3}",
                        "keyValueHeads must divide heads = 4, got 3"),
                arguments(
                        LLAMA,
                        "{'use_sliding_window': true}",
                        "unknown options that could change the model: use_sliding_window = true"),
                arguments(
                        QWEN,
                        "{'use_sliding_window': true, 'sliding_window': 32}",
                        "sliding_window must be >= max_position_embeddings = 64 if it is used,"
                                + " got 32"),
                arguments(
                        QWEN,
                        "{'layer_types': ['full_attention', 'sliding_attention']}",
                        "layer_types must all be full_attention,"),
                arguments(QWEN, "{'layer_types': [[]]}", "layer_types must be a list of strings,"),
                arguments(QWEN, "{'use_mrope': true}", "use_mrope must be false, got true"),
                arguments(
                        GPT2,
                        "{'scale_attn_by_inverse_layer_idx': true}",
                        "scale_attn_by_inverse_layer_idx must be false, got true"),
                arguments(
                        GPT2,
                        "{'reorder_and_upcast_attn': true}",
                        "reorder_and_upcast_attn must be false, got true"),
                arguments(
                        GPT2,
                        "{'scale_attn_weights': false}",
                        "scale_attn_weights must be true, got false"),
                arguments(
                        GPT2, "{'n_embd': 25}", "n_embd must be a multiple of n_head = 3, got 25"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesByNameAndValue(String name, String options, String problem) {
        PretrainedException error =
                assertThrows(PretrainedException.class, () -> read(name, options));
        String expected = folder.resolve("config.json") + ": " + problem;
        assertTrue(error.getMessage().startsWith(expected), error.getMessage());
    }

    @Test
    void acceptsWindowsThatNeverSlide() throws IOException {
        read(QWEN, "{'use_sliding_window': true, 'sliding_window': 64}");
        read(QWEN, "{'use_sliding_window': true, 'sliding_window': null}");
        read(QWEN, "{'layer_types': ['full_attention', 'full_attention']}");
    }

    @Test
    void generationConfigGoesBeforeConfigWhereItSpeaks() throws IOException {
        Files.writeString(
                folder.resolve("generation_config.json"),
                "{\"eos_token_id\": [5, 6], \"pad_token_id\": -1, \"temperature\": 0.7}");
        write(LLAMA, "{'pad_token_id': 7}");
        assertEquals(
                new SpecialTokens(OptionalInt.of(1), List.of(5, 6), OptionalInt.empty()),
                PretrainedConfig.read(folder).specialTokens());
    }

    @Test
    void namesAFileThatIsNoJsonObject() throws IOException {
        Path file = folder.resolve("config.json");
        assertThrows(NoSuchFileException.class, () -> PretrainedConfig.read(folder));
        for (String text : List.of("", "[]", "{\"a\": 1,}", "{} {}", "{'a': 1}")) {
            Files.writeString(file, text);
            PretrainedException error =
                    assertThrows(PretrainedException.class, () -> PretrainedConfig.read(folder));
            assertTrue(error.getMessage().startsWith(file + ": must be "), error.getMessage());
        }
    }

    @Test
    void namesAFileThatIsNoTextOrTooLarge() throws IOException {
        Path file = folder.resolve("config.json");
        Files.write(file, new byte[] {'{', '"', (byte) 0xC3, '"'});
        assertProblem(file + ": must be UTF-8");
        Files.write(file, new byte[10_000_001]);
        assertProblem(file + ": must have at most 10000000 bytes, got 10000001");
    }

    private void assertProblem(String message) {
        assertEquals(
                message,
                assertThrows(PretrainedException.class, () -> PretrainedConfig.read(folder))
                        .getMessage());
    }

    @Test
    void everyDamagedFileIsReadOrRefusedByName() throws IOException {
        Random random = new Random(3);
        Path file = folder.resolve("config.json");
        int refused = 0;
        for (int i = 0; i < 1200; i++) {
            String name = Checkpoints.NAMES.get(i % Checkpoints.NAMES.size());
            byte[] bytes = Files.readAllBytes(Checkpoints.folder(name).resolve("config.json"));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            Files.deleteIfExists(file);
            Files.write(file, bytes);
            try {
                PretrainedConfig.read(folder);
            } catch (PretrainedException named) {
                assertTrue(named.getMessage().startsWith(file + ": "), named.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 600, "only " + refused + " of 1200 were refused");
    }

    @Test
    void shortensRowsButNotTablesOfLearntPositions() throws IOException {
        PretrainedConfig neox = PretrainedConfig.read(Checkpoints.folder(NEOX));
        assertEquals(16, neox.withMaxLength(16).decoder().maxLength());
        assertMaxLength(neox, 65, "maxLength must be from 1 to 64, got 65");
        assertMaxLength(neox, 0, "maxLength must be from 1 to 64, got 0");
        PretrainedConfig gpt2 = PretrainedConfig.read(Checkpoints.folder(GPT2));
        assertEquals(32, gpt2.withMaxLength(32).decoder().maxLength());
        assertMaxLength(gpt2, 16, "maxLength must be 32 where positions are learnt, got 16");
    }

    private static void assertMaxLength(PretrainedConfig config, int length, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> config.withMaxLength(length))
                        .getMessage());
    }

    private DecoderConfig read(String name, String changes) throws IOException {
        write(name, changes);
        return PretrainedConfig.read(folder).decoder();
    }

    /** A checkpoint's options with some changed; single quotes stand for double ones. */
    private void write(String name, String changes) throws IOException {
        Path source = Checkpoints.folder(name).resolve("config.json");
        JsonObject options = JsonParser.parseString(Files.readString(source)).getAsJsonObject();
        JsonElement changed = JsonParser.parseString(changes.replace('\'', '"'));
        changed.getAsJsonObject().entrySet().forEach(e -> options.add(e.getKey(), e.getValue()));
        Files.writeString(folder.resolve("config.json"), options.toString());
    }
}
