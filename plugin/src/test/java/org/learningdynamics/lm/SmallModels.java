package org.learningdynamics.lm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Decoders small enough for exhaustive checks, with parameters large enough to matter. */
final class SmallModels {
    private SmallModels() {}

    static DecoderConfig.Builder config() {
        return DecoderConfig.builder(11)
                .width(8)
                .layers(2)
                .heads(2)
                .feedForwardWidth(12)
                .maxLength(24)
                .dataType(DataType.DOUBLE)
                .seed(7);
    }

    /** One of each family by name, every option of an architecture on and off. */
    static Map<String, DecoderConfig.Builder> families() {
        Map<String, DecoderConfig.Builder> all = new LinkedHashMap<>();
        all.put("plain", config());
        all.put("plain untied", config().head(HeadKind.UNTIED).activation(Activation.SWISH));
        all.put(
                "gpt_neox",
                config().width(16)
                        .head(HeadKind.UNTIED)
                        .activation(Activation.GELU_EXACT)
                        .architecture(DecoderArchitecture.gptNeoX(0.25, true)));
        all.put(
                "gpt_neox in turn",
                config().activation(Activation.GELU_TANH)
                        .architecture(DecoderArchitecture.gptNeoX(1, false)));
        all.put(
                "llama grouped",
                config().heads(4)
                        .keyValueHeads(2)
                        .headWidth(6)
                        .activation(Activation.SWISH)
                        .head(HeadKind.UNTIED)
                        .architecture(DecoderArchitecture.llama(false, 1e-6)));
        all.put(
                "qwen2",
                config().keyValueHeads(1)
                        .activation(Activation.SWISH)
                        .architecture(DecoderArchitecture.llama(true, 1e-6)));
        all.put(
                "gpt2",
                config().activation(Activation.GELU_TANH).architecture(DecoderArchitecture.gpt2()));
        all.put(
                "scaled positions",
                config().architecture(DecoderArchitecture.builder().rotaryScale(4).build()));
        return all;
    }

    /** Adapters on everything, A and B away from their start. */
    static DecoderModel adapted(DecoderModel base) {
        LoraConfig lora = new LoraConfig(2, 3, Set.copyOf(LoraConfig.available(base.config())), 1);
        DecoderModel adapted = base.adapt(lora);
        fill(adapted.parameters(), new Random(6));
        return adapted;
    }

    /** A model whose parameters are all of order one half, gains included. */
    static DecoderModel model(DecoderConfig config) {
        DecoderModel model = DecoderModel.create(config);
        fill(model.parameters(), new Random(5));
        return model;
    }

    private static void fill(Map<String, INDArray> parameters, Random random) {
        for (INDArray array : parameters.values()) {
            double[] values = random.doubles(array.length()).map(x -> x - 0.4).toArray();
            array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
        }
    }

    static int[][] ids(DecoderConfig config, int batch, int length, long seed) {
        Random random = new Random(seed);
        int[][] ids = new int[batch][];
        for (int i = 0; i < batch; i++) {
            ids[i] = random.ints(length, 0, config.vocabularySize()).toArray();
        }
        return ids;
    }
}
