package org.learningdynamics.measure;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The "per probe" measures from logits and labels. */
public final class LikelihoodMeasures {
    private LikelihoodMeasures() {}

    /**
     * Measures every row of a batch.
     *
     * @param logits float or double // [rows, length, vocab] or [rows, vocab]
     * @param labels label ids, negative = masked // [rows, length]; length 1 for rank-2 logits
     * @return one result a row
     */
    public static List<Likelihood> measure(INDArray logits, int[][] labels) {
        throw new IllegalStateException("to be written: " + logits + labels.length);
    }
}
