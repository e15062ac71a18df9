package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.listener.UpdateListener.MicroBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How an update's batch becomes the micro-batches whose gradients are added up. The weights decide
 * whether the update equals that of the whole batch: for a loss that is a mean over examples the
 * weight is the micro-batch's share of the examples, for a mean over tokens its share of the
 * tokens.
 */
@FunctionalInterface
public interface BatchSplit {
    /**
     * Splits.
     *
     * @param batch the update's batch, only read
     * @return at least one micro-batch; arrays other than the batch's own are closed by the loop
     *     after the update
     */
    List<MicroBatch> split(org.nd4j.linalg.dataset.api.MultiDataSet batch);

    /**
     * Leaves every batch whole.
     *
     * @return a split into one
     */
    static BatchSplit whole() {
        return batch ->
                List.of(new MicroBatch(batch, IntStream.range(0, rows(batch)).toArray(), 1));
    }

    /**
     * Cuts the first dimension of every array into consecutive parts whose sizes differ by at most
     * one, weighted by their share of the examples: right for losses that are means over examples.
     *
     * @param parts number of micro-batches, at least 1; smaller batches have one an example
     * @return the split
     * @throws IllegalArgumentException if {@code parts} is below 1
     */
    static BatchSplit byExamples(int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException("parts must be >= 1, got " + parts);
        }
        return batch -> {
            int rows = rows(batch);
            int count = Math.min(parts, rows);
            List<MicroBatch> all = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int from = (int) ((long) rows * i / count);
                int to = (int) ((long) rows * (i + 1) / count);
                all.add(
                        new MicroBatch(
                                slice(batch, from, to),
                                IntStream.range(from, to).toArray(),
                                (to - from) / (double) rows));
            }
            return all;
        };
    }

    private static int rows(org.nd4j.linalg.dataset.api.MultiDataSet batch) {
        return (int) batch.getFeatures(0).size(0);
    }

    private static MultiDataSet slice(
            org.nd4j.linalg.dataset.api.MultiDataSet batch, int from, int to) {
        return new MultiDataSet(
                slice(batch.getFeatures(), from, to),
                slice(batch.getLabels(), from, to),
                slice(batch.getFeaturesMaskArrays(), from, to),
                slice(batch.getLabelsMaskArrays(), from, to));
    }

    private static INDArray @Nullable [] slice(INDArray @Nullable [] arrays, int from, int to) {
        return arrays == null
                ? null
                : Arrays.stream(arrays).map(a -> slice(a, from, to)).toArray(INDArray[]::new);
    }

    private static INDArray slice(INDArray array, int from, int to) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(from, to);
        return array.get(indices).dup('c');
    }
}
