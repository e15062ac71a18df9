package org.learningdynamics.lm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The arrays of a decoder.
 *
 * @param trained by name, in the order of the forward pass; adapters only if there are any
 * @param frozen the others; empty without adapters
 * @param lora the adapters' description
 */
record DecoderWeights(
        Map<String, INDArray> trained, Map<String, INDArray> frozen, Optional<LoraConfig> lora) {
    static final String LORA_A = "_lora_a";
    static final String LORA_B = "_lora_b";

    DecoderWeights {
        trained = Collections.unmodifiableMap(trained);
        frozen = Collections.unmodifiableMap(frozen);
    }

    static DecoderWeights of(Map<String, INDArray> trained) {
        return new DecoderWeights(trained, Map.of(), Optional.empty());
    }

    /** Fresh adapters over arrays that are shared from now on. */
    static DecoderWeights adapting(
            DecoderConfig config, Map<String, INDArray> base, LoraConfig lora) {
        Random random = new Random(lora.seed());
        Map<String, INDArray> adapters = new LinkedHashMap<>();
        for (int i = 0; i < config.layers(); i++) {
            for (LoraTarget target : lora.targets()) {
                String matrix = target.matrix(i);
                INDArray frozen = base.get(matrix);
                if (frozen == null) {
                    throw new IllegalArgumentException(
                            "targets must be among "
                                    + labels(config)
                                    + " for this model, got "
                                    + target.label());
                }
                adapters.put(matrix + LORA_A, start(frozen.size(0), lora.rank(), frozen, random));
                adapters.put(
                        matrix + LORA_B,
                        Nd4j.zeros(frozen.dataType(), lora.rank(), frozen.size(1)));
            }
        }
        return new DecoderWeights(adapters, base, Optional.of(lora));
    }

    private static String labels(DecoderConfig config) {
        return LoraConfig.available(config).stream()
                .map(LoraTarget::label)
                .collect(Collectors.joining(", "));
    }

    private static INDArray start(long inputs, int rank, INDArray like, Random random) {
        double bound = 1 / Math.sqrt((double) inputs);
        double[] values = random.doubles(inputs * rank, -bound, bound).toArray();
        DataType type = like.dataType();
        try (INDArray flat = Nd4j.createFromArray(values)) {
            return flat.reshape(inputs, rank).castTo(type).dup('c');
        }
    }

    /** A matrix with what its adapters add, to be closed by the caller. */
    INDArray merged(String name) {
        INDArray whole = get(name).dup('c');
        INDArray down = trained.get(name + LORA_A);
        if (down != null && lora.isPresent()) {
            try (INDArray product = down.mmul(get(name + LORA_B))) {
                whole.addi(product.muli(lora.get().scale()));
            }
        }
        return whole;
    }

    static boolean isAdapter(String name) {
        return name.endsWith(LORA_A) || name.endsWith(LORA_B);
    }

    boolean isTrained(String name) {
        return trained.containsKey(name);
    }

    INDArray get(String name) {
        INDArray array = trained.containsKey(name) ? trained.get(name) : frozen.get(name);
        if (array == null) {
            throw new IllegalStateException("parameter " + name + " is missing");
        }
        return array;
    }
}
