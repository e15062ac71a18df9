package org.learningdynamics.lm.pretrained;

import java.util.Set;
import java.util.regex.Pattern;
import org.learningdynamics.lm.DecoderArchitecture;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.lm.NormKind;
import org.learningdynamics.lm.PositionKind;

/** GPT-2, whose matrices are [in, out]. */
final class Gpt2Family implements Family {
    private static final Pattern TABLES = Pattern.compile(".*\\.attn\\.(bias|masked_bias)");
    private static final int HIDDEN_FACTOR = 4;

    @Override
    public DecoderConfig.Builder read(Options config) throws PretrainedException {
        config.only("scale_attn_weights", true);
        config.only("scale_attn_by_inverse_layer_idx", false);
        config.only("reorder_and_upcast_attn", false);
        int width = config.size("n_embd");
        boolean tied = config.flag("tie_word_embeddings", true);
        double epsilon =
                config.number("layer_norm_epsilon", DecoderArchitecture.DEFAULT_NORM_EPSILON);
        return DecoderConfig.builder(config.size("vocab_size"))
                .width(width)
                .layers(config.size("n_layer"))
                .heads(config.size("n_head"))
                .headWidth(Family.headWidth(config, "n_embd", "n_head"))
                .feedForwardWidth(config.size("n_inner", HIDDEN_FACTOR * width))
                .maxLength(config.size("n_positions"))
                .head(tied ? HeadKind.TIED : HeadKind.UNTIED)
                .activation(Family.activation(config, "activation_function", "gelu_new"))
                .architecture(
                        DecoderArchitecture.builder()
                                .norm(NormKind.LAYER)
                                .normEpsilon(epsilon)
                                .positions(PositionKind.LEARNED)
                                .queryKeyValueBias(true)
                                .attentionOutputBias(true)
                                .feedForwardBias(true)
                                .build());
    }

    @Override
    public Set<String> harmless() {
        return Family.with(
                "attn_pdrop",
                "embd_pdrop",
                "n_ctx",
                "n_special",
                "output_past",
                "predict_special_tokens",
                "resid_pdrop",
                "summary_activation",
                "summary_first_dropout",
                "summary_proj_to_labels",
                "summary_type",
                "summary_use_proj");
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public String head() {
        return "lm_head";
    }

    @Override
    public void map(DecoderConfig config, String prefix, TensorViews views) {
        views.table(prefix + "wte", "tok_embedding");
        views.table(prefix + "wpe", "pos_embedding");
        int number = 0;
        for (String block : Family.blocks(prefix + "h.", config.layers())) {
            String attention = "block" + number + "/attention/";
            String feedForward = "block" + number + "/feed_forward/";
            views.norm(block + "ln_1", attention + "norm");
            views.convolution(block + "attn.c_attn", attention + "wqkv");
            views.convolution(block + "attn.c_proj", attention + "wo");
            views.norm(block + "ln_2", feedForward + "norm");
            views.convolution(block + "mlp.c_fc", feedForward + "w1");
            views.convolution(block + "mlp.c_proj", feedForward + "w2");
            number++;
        }
        views.norm(prefix + "ln_f", "final_norm");
    }

    @Override
    public boolean isTable(String tensor) {
        return TABLES.matcher(tensor).matches();
    }
}
