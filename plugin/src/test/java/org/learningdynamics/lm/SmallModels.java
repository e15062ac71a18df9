package org.learningdynamics.lm;

import java.util.Random;
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

    /** A model whose parameters are all of order one half, gains included. */
    static DecoderModel model(DecoderConfig config) {
        DecoderModel model = DecoderModel.create(config);
        Random random = new Random(5);
        for (INDArray array : model.parameters().values()) {
            double[] values = random.doubles(array.length()).map(x -> x - 0.4).toArray();
            array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
        }
        return model;
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
