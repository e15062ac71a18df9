package org.learningdynamics.listener;

import java.util.List;
import org.learningdynamics.model.ModelInput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A range of examples. */
record RowSlice(int from, int to) {
    static RowSlice of(int from, int to) {
        return new RowSlice(from, to);
    }

    ProbeBatch batch(List<INDArray> features, List<INDArray> masks, ClassLabels labels) {
        List<INDArray> ownMasks = masks.stream().map(this::copy).toList();
        ModelInput input = new ModelInput(features.stream().map(this::copy).toList(), ownMasks);
        int[] lengths = new int[to - from];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = ownMasks.isEmpty() ? Integer.MAX_VALUE : length(ownMasks.get(0), i);
        }
        return new ProbeBatch(input, labels.readings(from, lengths));
    }

    private INDArray copy(INDArray array) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        indices[0] = NDArrayIndex.interval(from, to);
        for (int i = 1; i < indices.length; i++) {
            indices[i] = NDArrayIndex.all();
        }
        return array.get(indices).dup('c').detach();
    }

    /** Position after the last that is not masked, 1 if all are. */
    private static int length(INDArray mask, int row) {
        double[] values = mask.getRow(row).toDoubleVector();
        int length = values.length;
        while (length > 1 && values[length - 1] == 0) {
            length--;
        }
        return length;
    }
}
