package org.learningdynamics.it.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A checkpoint folder as Python's libraries write them, with random weights and a tokenizer of
 * single bytes: 256 bytes, then the end of a text, then two tokens of a chat.
 */
enum SmallCheckpoint {
    QWEN2 {
        @Override
        Map<String, Object> config() {
            Map<String, Object> config = sizes("hidden_size", "num_hidden_layers");
            config.put("num_attention_heads", 4);
            config.put("num_key_value_heads", 2);
            config.put("intermediate_size", 24);
            config.put("hidden_act", "silu");
            config.put("max_position_embeddings", 4096);
            config.put("rms_norm_eps", 1e-6);
            config.put("rope_theta", 10000.0);
            config.put("tie_word_embeddings", true);
            config.put("use_sliding_window", false);
            return config;
        }

        @Override
        Map<String, long[]> tensors() {
            Map<String, long[]> all = new LinkedHashMap<>();
            all.put("model.embed_tokens.weight", new long[] {VOCABULARY, WIDTH});
            for (int i = 0; i < LAYERS; i++) {
                String at = "model.layers." + i + ".";
                all.put(at + "input_layernorm.weight", new long[] {WIDTH});
                all.put(at + "self_attn.q_proj.weight", new long[] {WIDTH, WIDTH});
                all.put(at + "self_attn.q_proj.bias", new long[] {WIDTH});
                all.put(at + "self_attn.k_proj.weight", new long[] {WIDTH / 2, WIDTH});
                all.put(at + "self_attn.k_proj.bias", new long[] {WIDTH / 2});
                all.put(at + "self_attn.v_proj.weight", new long[] {WIDTH / 2, WIDTH});
                all.put(at + "self_attn.v_proj.bias", new long[] {WIDTH / 2});
                all.put(at + "self_attn.o_proj.weight", new long[] {WIDTH, WIDTH});
                all.put(at + "post_attention_layernorm.weight", new long[] {WIDTH});
                all.put(at + "mlp.gate_proj.weight", new long[] {24, WIDTH});
                all.put(at + "mlp.up_proj.weight", new long[] {24, WIDTH});
                all.put(at + "mlp.down_proj.weight", new long[] {WIDTH, 24});
            }
            all.put("model.norm.weight", new long[] {WIDTH});
            return all;
        }
    },
    GPT_NEOX {
        @Override
        Map<String, Object> config() {
            Map<String, Object> config = sizes("hidden_size", "num_hidden_layers");
            config.put("num_attention_heads", 2);
            config.put("intermediate_size", 32);
            config.put("hidden_act", "gelu");
            config.put("rotary_pct", 0.25);
            config.put("rotary_emb_base", 10000);
            config.put("max_position_embeddings", 256);
            config.put("layer_norm_eps", 1e-5);
            config.put("use_parallel_residual", true);
            config.put("tie_word_embeddings", false);
            return config;
        }

        @Override
        Map<String, long[]> tensors() {
            Map<String, long[]> all = new LinkedHashMap<>();
            all.put("gpt_neox.embed_in.weight", new long[] {VOCABULARY, WIDTH});
            for (int i = 0; i < LAYERS; i++) {
                String at = "gpt_neox.layers." + i + ".";
                addLinear(all, at + "input_layernorm", WIDTH);
                addLinear(all, at + "post_attention_layernorm", WIDTH);
                addLinear(all, at + "attention.query_key_value", 3 * WIDTH, WIDTH);
                addLinear(all, at + "attention.dense", WIDTH, WIDTH);
                addLinear(all, at + "mlp.dense_h_to_4h", 32, WIDTH);
                addLinear(all, at + "mlp.dense_4h_to_h", WIDTH, 32);
            }
            addLinear(all, "gpt_neox.final_layer_norm", WIDTH);
            all.put("embed_out.weight", new long[] {VOCABULARY, WIDTH});
            return all;
        }
    },
    GPT2 {
        @Override
        Map<String, Object> config() {
            Map<String, Object> config = sizes("n_embd", "n_layer");
            config.put("n_head", 2);
            config.put("n_positions", 128);
            config.put("n_ctx", 128);
            config.put("activation_function", "gelu_new");
            config.put("layer_norm_epsilon", 1e-5);
            return config;
        }

        @Override
        Map<String, long[]> tensors() {
            Map<String, long[]> all = new LinkedHashMap<>();
            all.put("wte.weight", new long[] {VOCABULARY, WIDTH});
            all.put("wpe.weight", new long[] {128, WIDTH});
            for (int i = 0; i < LAYERS; i++) {
                String at = "h." + i + ".";
                addLinear(all, at + "ln_1", WIDTH);
                addConv(all, at + "attn.c_attn", WIDTH, 3 * WIDTH);
                addConv(all, at + "attn.c_proj", WIDTH, WIDTH);
                addLinear(all, at + "ln_2", WIDTH);
                addConv(all, at + "mlp.c_fc", WIDTH, 4 * WIDTH);
                addConv(all, at + "mlp.c_proj", 4 * WIDTH, WIDTH);
            }
            addLinear(all, "ln_f", WIDTH);
            return all;
        }
    };

    static final int VOCABULARY = 259;
    private static final int END = 256;
    private static final int WIDTH = 16;
    private static final int LAYERS = 2;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final String CHAT =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' +"
                    + " message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    abstract Map<String, Object> config();

    /** Names and shapes. */
    abstract Map<String, long[]> tensors();

    private static Map<String, Object> sizes(String width, String layers) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("vocab_size", VOCABULARY);
        config.put(width, WIDTH);
        config.put(layers, LAYERS);
        config.put("eos_token_id", END);
        config.put("bos_token_id", END);
        return config;
    }

    private static void addLinear(Map<String, long[]> all, String name, long... shape) {
        all.put(name + ".weight", shape);
        all.put(name + ".bias", new long[] {shape[0]});
    }

    private static void addConv(Map<String, long[]> all, String name, long in, long out) {
        all.put(name + ".weight", new long[] {in, out});
        all.put(name + ".bias", new long[] {out});
    }

    /** Writes the folder. */
    Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> config = config();
        config.put("model_type", name().toLowerCase(java.util.Locale.ROOT));
        json(folder, "config.json", config);
        json(folder, "tokenizer.json", tokenizer());
        json(
                folder,
                "tokenizer_config.json",
                Map.of("eos_token", "<|endoftext|>", "chat_template", CHAT));
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        Random random = new Random(3);
        tensors()
                .forEach((name, shape) -> writer.tensor(name, TensorType.F32, draw(random, shape)));
        writer.writeFolder(folder, 1 << 20);
        return folder;
    }

    private static INDArray draw(Random random, long[] shape) {
        int length = (int) (shape.length == 1 ? shape[0] : shape[0] * shape[1]);
        double centre = shape.length == 1 ? 0.5 : 0;
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (centre + 0.2 * random.nextGaussian());
        }
        return Nd4j.createFromArray(values).reshape(shape);
    }

    private static void json(Path folder, String name, Object content) throws IOException {
        Files.writeString(folder.resolve(name), GSON.toJson(content));
    }

    private static Map<String, Object> tokenizer() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int unseen = 0;
        for (int b = 0; b < 256; b++) {
            boolean seen = (b > 32 && b < 127) || (b > 160 && b != 173);
            vocabulary.put(Character.toString(seen ? b : 256 + unseen++), b);
        }
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>")) {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("id", END + added.size());
            token.put("content", special);
            token.put("special", true);
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                token.put(flag, false);
            }
            added.add(token);
        }
        Map<String, Object> bytes = new LinkedHashMap<>();
        bytes.put("type", "ByteLevel");
        bytes.put("add_prefix_space", false);
        bytes.put("trim_offsets", true);
        bytes.put("use_regex", true);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("version", "1.0");
        all.put("added_tokens", added);
        all.put("pre_tokenizer", bytes);
        all.put("decoder", bytes);
        all.put("model", Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
        return all;
    }
}
