package org.learningdynamics.lm.pretrained;

import java.util.List;
import java.util.Set;
import org.learningdynamics.lm.DecoderArchitecture;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.FeedForwardKind;
import org.learningdynamics.lm.HeadKind;

/** Llama, and Qwen1.5 and Qwen2, which differ in their biases and in the options they have. */
enum LlamaFamily implements Family {
    /** No biases unless the options ask for them. */
    LLAMA {
        @Override
        DecoderArchitecture.Builder own(Options config) throws PretrainedException {
            config.only("rope_interleaved", false);
            boolean biased = config.flag("attention_bias", false);
            return DecoderArchitecture.builder()
                    .queryKeyValueBias(biased)
                    .attentionOutputBias(biased)
                    .feedForwardBias(config.flag("mlp_bias", false));
        }

        @Override
        public Set<String> harmless() {
            // pretraining_tp says over how many devices products were split; they are the same.
            return Family.with("is_llama_config", "max_sequence_length", "pretraining_tp");
        }
    },
    /** Biases on queries, keys and values; windows that slide are refused. */
    QWEN2 {
        @Override
        DecoderArchitecture.Builder own(Options config) throws PretrainedException {
            refuseSlidingWindows(config);
            config.only("use_mrope", false);
            return DecoderArchitecture.builder().queryKeyValueBias(true);
        }

        @Override
        public Set<String> harmless() {
            return Family.with("max_window_layers");
        }
    };

    private static final double USUAL_EPSILON = 1e-6;
    private static final String FULL = "full_attention";

    abstract DecoderArchitecture.Builder own(Options config) throws PretrainedException;

    /**
     * Which layers {@code max_window_layers} leaves without a window differs between the versions
     * of the original, so that any window shorter than the positions is refused.
     */
    private static void refuseSlidingWindows(Options config) throws PretrainedException {
        boolean slides = config.flag("use_sliding_window", false);
        int positions = config.size("max_position_embeddings");
        if (slides && config.size("sliding_window", positions) < positions) {
            throw config.fail(
                    "sliding_window",
                    "must be >= max_position_embeddings = " + positions + " if it is used");
        }
        config.has("sliding_window");
        List<String> kinds = config.texts("layer_types");
        if (!kinds.stream().allMatch(FULL::equals)) {
            throw config.fail("layer_types", "must all be " + FULL);
        }
    }

    @Override
    public DecoderConfig.Builder read(Options config) throws PretrainedException {
        RotaryOptions rotary = RotaryOptions.read(config, 1);
        if (rotary.fraction() != 1) {
            throw config.fail("partial_rotary_factor", "must be 1");
        }
        DecoderArchitecture architecture =
                own(config)
                        .normEpsilon(config.number("rms_norm_eps", USUAL_EPSILON))
                        .rotaryScale(rotary.scale())
                        .feedForward(FeedForwardKind.GATED)
                        .separateProjections(true)
                        .build();
        int headWidth =
                config.has("head_dim")
                        ? config.size("head_dim")
                        : Family.headWidth(config, "hidden_size", "num_attention_heads");
        boolean tied = config.flag("tie_word_embeddings", false);
        return Family.sizes(config)
                .headWidth(headWidth)
                .keyValueHeads(
                        config.size("num_key_value_heads", config.size("num_attention_heads")))
                .head(tied ? HeadKind.TIED : HeadKind.UNTIED)
                .activation(Family.activation(config, "hidden_act", "silu"))
                .rotaryBase(rotary.base())
                .architecture(architecture);
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public String head() {
        return "lm_head";
    }

    @Override
    public void map(DecoderConfig config, String prefix, TensorViews views) {
        views.table(prefix + "embed_tokens", "tok_embedding");
        int number = 0;
        for (String block : Family.blocks(prefix + "layers.", config.layers())) {
            String attention = "block" + number + "/attention/";
            String feedForward = "block" + number + "/feed_forward/";
            views.norm(block + "input_layernorm", attention + "norm");
            views.linear(block + "self_attn.q_proj", attention + "wq");
            views.linear(block + "self_attn.k_proj", attention + "wk");
            views.linear(block + "self_attn.v_proj", attention + "wv");
            views.linear(block + "self_attn.o_proj", attention + "wo");
            views.norm(block + "post_attention_layernorm", feedForward + "norm");
            views.linear(block + "mlp.gate_proj", feedForward + "w_gate");
            views.linear(block + "mlp.up_proj", feedForward + "w1");
            views.linear(block + "mlp.down_proj", feedForward + "w2");
            number++;
        }
        views.norm(prefix + "norm", "final_norm");
    }

    @Override
    public boolean isTable(String tensor) {
        return tensor.endsWith(".rotary_emb.inv_freq");
    }
}
