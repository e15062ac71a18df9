package org.learningdynamics.lm;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Logits of hidden states, in memory that is kept from one call to the next: taking it new costs as
 * much as a layer. It grows to the most rows that were asked for.
 */
final class HeadLogits implements AutoCloseable {
    private final DecoderConfig config;
    private final DecoderWeights weights;
    private @Nullable INDArray memory; // [most rows, V]

    HeadLogits(DecoderConfig config, DecoderWeights weights) {
        this.config = config;
        this.weights = weights;
    }

    /** Overwritten by the next call, closed by {@link #close} // [rows, width] to [rows, V]. */
    INDArray of(INDArray hidden) {
        INDArray logits = rows(hidden.size(0));
        product(config, weights, hidden, logits);
        return logits;
    }

    /**
     * Multiplies.
     *
     * @param hidden the states // [rows, width]
     * @param logits is filled // [rows, V]
     */
    static void product(
            DecoderConfig config, DecoderWeights weights, INDArray hidden, INDArray logits) {
        boolean isTied = config.head() == HeadKind.TIED;
        String name = isTied ? DecoderParameters.TOKEN_EMBEDDING : DecoderParameters.HEAD;
        MMulTranspose transpose = MMulTranspose.builder().transposeB(isTied).build();
        Nd4j.exec(new Mmul(hidden, weights.get(name), logits, transpose));
    }

    private INDArray rows(long count) {
        INDArray kept = memory;
        if (kept == null || kept.size(0) < count) {
            close();
            kept =
                    Nd4j.createUninitializedDetached(
                            config.dataType(), count, config.vocabularySize());
            memory = kept;
        }
        return kept.size(0) == count
                ? kept
                : kept.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
