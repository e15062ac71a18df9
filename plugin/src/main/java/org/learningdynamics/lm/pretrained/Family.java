package org.learningdynamics.lm.pretrained;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.learningdynamics.lm.Activation;
import org.learningdynamics.lm.DecoderConfig;

/** What one {@code model_type} calls its options and tensors. */
interface Family {
    /**
     * Options that every model type may have and that change neither weights nor answers: what
     * training, generation, classification and other programs read.
     */
    Set<String> HARMLESS =
            Set.of(
                    "_attn_implementation",
                    "_attn_implementation_autoset",
                    "_name_or_path",
                    "_num_labels",
                    "architectures",
                    "attention_dropout",
                    "bad_words_ids",
                    "begin_suppress_tokens",
                    "chunk_size_feed_forward",
                    "classifier_dropout",
                    "decoder_start_token_id",
                    "diversity_penalty",
                    "do_sample",
                    "dtype",
                    "early_stopping",
                    "encoder_no_repeat_ngram_size",
                    "exponential_decay_length_penalty",
                    "finetuning_task",
                    "forced_bos_token_id",
                    "forced_eos_token_id",
                    "gradient_checkpointing",
                    "hidden_dropout",
                    "id2label",
                    "initializer_range",
                    "is_decoder",
                    "keys_to_ignore_at_inference",
                    "label2id",
                    "length_penalty",
                    "max_length",
                    "min_length",
                    "no_repeat_ngram_size",
                    "num_beam_groups",
                    "num_beams",
                    "num_labels",
                    "num_return_sequences",
                    "output_attentions",
                    "output_hidden_states",
                    "output_scores",
                    "prefix",
                    "problem_type",
                    "remove_invalid_values",
                    "repetition_penalty",
                    "return_dict",
                    "return_dict_in_generate",
                    "sep_token_id",
                    "suppress_tokens",
                    "task_specific_params",
                    "temperature",
                    "tf_legacy_loss",
                    "tokenizer_class",
                    "top_k",
                    "top_p",
                    "torch_dtype",
                    "torchscript",
                    "transformers_version",
                    "typical_p",
                    "unsloth_fixed",
                    "unsloth_version",
                    "use_bfloat16",
                    "use_cache");

    /** Reads sizes and architecture, asking for every option that matters. */
    DecoderConfig.Builder read(Options config) throws PretrainedException;

    /** Options that change nothing, beside {@link #HARMLESS}. */
    Set<String> harmless();

    /** The prefix that every tensor but the head's may have. */
    String prefix();

    /** The tensor of an untied head. */
    String head();

    /** What of the file is what of the model, with the prefix as the file has it. */
    void map(DecoderConfig config, String prefix, TensorViews views);

    /** Whether a file's entry is no weight but a table that follows from the options. */
    boolean isTable(String tensor);

    static Family of(Options config) throws PretrainedException {
        String type = config.text("model_type", "none");
        return switch (type) {
            case "gpt_neox" -> new GptNeoXFamily();
            case "llama" -> LlamaFamily.LLAMA;
            case "qwen2" -> LlamaFamily.QWEN2;
            case "gpt2" -> new Gpt2Family();
            default -> throw config.fail("model_type", "must be gpt_neox, gpt2, llama or qwen2");
        };
    }

    /** Refuses what turns the model into another kind of model. */
    static void refuseForeign(Options config) throws PretrainedException {
        config.only("is_encoder_decoder", false);
        config.only("add_cross_attention", false);
        config.only("tie_encoder_decoder", false);
        if (config.object("pruned_heads").isPresent()) {
            config.object("pruned_heads").get().refuseOthers(Set.of());
        }
    }

    static Activation activation(Options config, String key, String otherwise)
            throws PretrainedException {
        return switch (config.text(key, otherwise)) {
            case "gelu" -> Activation.GELU_EXACT;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "quick_gelu" -> Activation.GELU;
            case "silu", "swish" -> Activation.SWISH;
            default ->
                    throw config.fail(
                            key,
                            "must be gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, quick_gelu, silu"
                                    + " or swish");
        };
    }

    /** Sizes that the three newer families call by the same names. */
    static DecoderConfig.Builder sizes(Options config) throws PretrainedException {
        return DecoderConfig.builder(config.size("vocab_size"))
                .width(config.size("hidden_size"))
                .layers(config.size("num_hidden_layers"))
                .heads(config.size("num_attention_heads"))
                .feedForwardWidth(config.size("intermediate_size"))
                .maxLength(config.size("max_position_embeddings"));
    }

    /** The width of a head where none is given. */
    static int headWidth(Options config, String widthKey, String headsKey)
            throws PretrainedException {
        int heads = config.size(headsKey);
        if (config.size(widthKey) % heads != 0) {
            throw config.fail(widthKey, "must be a multiple of %s = %d".formatted(headsKey, heads));
        }
        return config.size(widthKey) / heads;
    }

    static Set<String> with(String... more) {
        return Stream.concat(HARMLESS.stream(), Stream.of(more))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Names of a block's tensors: prefix, list and number. */
    static List<String> blocks(String list, int count) {
        return Stream.iterate(0, i -> i + 1).limit(count).map(i -> list + i + ".").toList();
    }
}
