package org.learningdynamics.lm.pretrained;

import java.util.Set;
import java.util.regex.Pattern;
import org.learningdynamics.lm.DecoderArchitecture;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.HeadKind;
import org.learningdynamics.lm.NormKind;

/** GPT-NeoX, the family of Pythia. */
final class GptNeoXFamily implements Family {
    private static final Pattern TABLES =
            Pattern.compile(".*\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)");
    private static final double USUAL_FRACTION = 0.25;

    @Override
    public DecoderConfig.Builder read(Options config) throws PretrainedException {
        RotaryOptions rotary = RotaryOptions.read(config, USUAL_FRACTION);
        boolean biased = config.flag("attention_bias", true);
        DecoderArchitecture architecture =
                DecoderArchitecture.builder()
                        .norm(NormKind.LAYER)
                        .normEpsilon(
                                config.number(
                                        "layer_norm_eps", DecoderArchitecture.DEFAULT_NORM_EPSILON))
                        .rotaryFraction(rotary.fraction())
                        .rotaryScale(rotary.scale())
                        .parallelResidual(config.flag("use_parallel_residual", true))
                        .queryKeyValueBias(biased)
                        .attentionOutputBias(biased)
                        .feedForwardBias(true)
                        .build();
        boolean tied = config.flag("tie_word_embeddings", false);
        return Family.sizes(config)
                .headWidth(Family.headWidth(config, "hidden_size", "num_attention_heads"))
                .head(tied ? HeadKind.TIED : HeadKind.UNTIED)
                .activation(Family.activation(config, "hidden_act", "gelu"))
                .rotaryBase(rotary.base())
                .architecture(architecture);
    }

    @Override
    public Set<String> harmless() {
        return HARMLESS;
    }

    @Override
    public String prefix() {
        return "gpt_neox.";
    }

    @Override
    public String head() {
        return "embed_out";
    }

    @Override
    public void map(DecoderConfig config, String prefix, TensorViews views) {
        views.table(prefix + "embed_in", "tok_embedding");
        int number = 0;
        for (String block : Family.blocks(prefix + "layers.", config.layers())) {
            String attention = "block" + number + "/attention/";
            String feedForward = "block" + number + "/feed_forward/";
            views.norm(block + "input_layernorm", attention + "norm");
            views.interleaved(block + "attention.query_key_value", attention + "wqkv", config);
            views.linear(block + "attention.dense", attention + "wo");
            views.norm(block + "post_attention_layernorm", feedForward + "norm");
            views.linear(block + "mlp.dense_h_to_4h", feedForward + "w1");
            views.linear(block + "mlp.dense_4h_to_h", feedForward + "w2");
            number++;
        }
        views.norm(prefix + "final_layer_norm", "final_norm");
    }

    @Override
    public boolean isTable(String tensor) {
        return TABLES.matcher(tensor).matches();
    }
}
