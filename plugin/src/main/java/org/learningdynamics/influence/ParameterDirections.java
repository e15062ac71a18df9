package org.learningdynamics.influence;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The directions of one parameter's update and its preconditioner, in matrix form. */
final class ParameterDirections implements AutoCloseable {
    private final Map<UpdatePart, INDArray> matrices = new EnumMap<>(UpdatePart.class); // [d, p]
    private final @Nullable INDArray preconditioner; // [d, p]
    private final double scale;

    /** Copies, so that the host's order of memory does not matter any more. */
    ParameterDirections(ParameterMatrix parameter, @Nullable ParameterUpdate update) {
        if (update == null) {
            preconditioner = null;
            scale = 0;
            return;
        }
        scale = update.scale();
        preconditioner = update.preconditioner().map(d -> parameter.copy(d)).orElse(null);
        matrices.put(UpdatePart.STEP, parameter.copy(update.step()));
        INDArray batch = parameter.copy(update.gradient()).muli(scale);
        if (preconditioner != null) {
            batch.muli(preconditioner);
        }
        matrices.put(UpdatePart.BATCH, batch);
        update.history().ifPresent(h -> matrices.put(UpdatePart.HISTORY, parameter.copy(h)));
        update.decay().ifPresent(d -> matrices.put(UpdatePart.DECAY, parameter.copy(d)));
    }

    Map<UpdatePart, INDArray> matrices() {
        return matrices;
    }

    double scale() {
        return scale;
    }

    boolean isPreconditioned() {
        return preconditioner != null;
    }

    /** D∘g of explicit gradients // [N, d·(to − from)], into moved. */
    void precondition(INDArray gradients, INDArray moved, long from, long to) {
        INDArray all = preconditioner;
        if (all == null) {
            throw new IllegalStateException("there is no preconditioner");
        }
        try (INDArray some = columns(all, from, to)) {
            Nd4j.exec(new BroadcastMulOp(gradients, some.reshape(some.length()), moved, 1));
        }
    }

    /** A contiguous copy of some columns // [d, to − from]. */
    static INDArray columns(INDArray matrix, long from, long to) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
    }

    @Override
    public void close() {
        matrices.values().forEach(INDArray::close);
        if (preconditioner != null) {
            preconditioner.close();
        }
    }
}
