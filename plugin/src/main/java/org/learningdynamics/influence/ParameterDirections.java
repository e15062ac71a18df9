package org.learningdynamics.influence;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.measure.HostCopies;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.MulOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The directions of one parameter's update and its preconditioner, in matrix form. What the host
 * keeps in the order of the matrix is read where it is.
 */
final class ParameterDirections implements AutoCloseable {
    private final Map<UpdatePart, INDArray> matrices = new EnumMap<>(UpdatePart.class); // [d, p]
    private final List<INDArray> copies = new ArrayList<>();
    private final @Nullable INDArray preconditioner; // [d, p]
    private final double scale;

    ParameterDirections(ParameterMatrix parameter, @Nullable ParameterUpdate update) {
        if (update == null) {
            preconditioner = null;
            scale = 0;
            return;
        }
        scale = update.scale();
        preconditioner = update.preconditioner().map(d -> matrix(parameter, d)).orElse(null);
        matrices.put(UpdatePart.STEP, matrix(parameter, update.step()));
        matrices.put(UpdatePart.BATCH, matrix(parameter, update.gradient()));
        update.history().ifPresent(h -> matrices.put(UpdatePart.HISTORY, matrix(parameter, h)));
        update.decay().ifPresent(d -> matrices.put(UpdatePart.DECAY, matrix(parameter, d)));
    }

    private INDArray matrix(ParameterMatrix parameter, INDArray array) {
        if (parameter.isInOrder(array)) {
            return parameter.matrix(array);
        }
        INDArray copy = parameter.copy(array);
        copies.add(copy);
        return copy;
    }

    List<UpdatePart> parts() {
        return List.copyOf(matrices.keySet());
    }

    /** What inner products with a part, as it is written, have to be multiplied by. */
    double scale(UpdatePart part) {
        return part == UpdatePart.BATCH ? scale : 1;
    }

    double scale() {
        return scale;
    }

    boolean isPreconditioned() {
        return preconditioner != null;
    }

    /** Writes a part as the host gave it, without scale and preconditioner // [height, width]. */
    void write(UpdatePart part, GradientBlock block, INDArray target) {
        INDArray matrix = matrices.get(part);
        if (matrix == null) {
            throw new IllegalStateException("the update has no " + part);
        }
        HostCopies.copy(block.ofMatrix(matrix), target);
    }

    /** Writes a part, multiplied by the preconditioner where it still has to be. */
    void writeMoved(UpdatePart part, GradientBlock block, INDArray target, ReusedArray memory) {
        write(part, block, target);
        if (isMoved(part)) {
            target.muli(preconditioner(block, target.dataType(), memory));
        }
    }

    private boolean isMoved(UpdatePart part) {
        return part == UpdatePart.BATCH && isPreconditioned();
    }

    /** A copy, next to each other // [height, width]. */
    private INDArray preconditioner(GradientBlock block, DataType type, ReusedArray memory) {
        INDArray target = memory.shaped(type, block.height(), block.width());
        writePreconditioner(block, target);
        return target;
    }

    private void writePreconditioner(GradientBlock block, INDArray target) {
        INDArray scales = preconditioner;
        if (scales == null) {
            throw new IllegalStateException("there is no preconditioner");
        }
        HostCopies.copy(block.ofMatrix(scales), target);
    }

    /** {@code D∘g} of each row // [N, size]. */
    void precondition(GradientBlock block, INDArray gradients, INDArray moved, ReusedArray memory) {
        preconditioner(block, gradients.dataType(), memory);
        INDArray scales =
                memory.view(0, new long[] {1, block.size()}, new long[] {block.size(), 1});
        Nd4j.exec(new MulOp(gradients, scales, moved));
    }

    /** Inner products of each row's gradient with a part, without its scale // [N]. */
    double[] along(UpdatePart part, GradientFactor factor, ParameterMatrix parameter) {
        GradientBlock all = new GradientBlock(0, 1, 0, parameter.rows(), 0, parameter.columns());
        try (INDArray whole = like(factor, parameter);
                INDArray scales = like(factor, parameter)) {
            write(part, all, whole);
            if (isMoved(part)) {
                writePreconditioner(all, scales);
                whole.muli(scales);
            }
            return factor.along(whole);
        }
    }

    private static INDArray like(GradientFactor factor, ParameterMatrix parameter) {
        return Nd4j.createUninitialized(
                factor.type(), new long[] {parameter.rows(), parameter.columns()}, 'c');
    }

    @Override
    public void close() {
        copies.forEach(INDArray::close);
    }
}
