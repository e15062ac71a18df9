package org.learningdynamics.train;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a batch brings for a placeholder of the loss, beside tokens and labels. */
@FunctionalInterface
interface BatchArray extends AutoCloseable {
    /** Frees what is kept for the next batch; nothing, unless something is. */
    @Override
    default void close() {}

    /** A new array for a batch, which its user closes. */
    INDArray of(List<TrainingItem> batch, DataType type);

    /** Numbers as an array of a floating-point type. */
    static INDArray of(double[] values, DataType type) {
        try (INDArray doubles = Nd4j.createFromArray(values)) {
            return type == DataType.DOUBLE ? doubles.dup() : doubles.castTo(type);
        }
    }
}
