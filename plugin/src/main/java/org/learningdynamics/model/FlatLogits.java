package org.learningdynamics.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Brings a model's output into one form: c-ordered, one row a position // [B·T, V]. Each method
 * takes over its argument: the result is that array or a copy, and then the argument is closed.
 */
final class FlatLogits {
    private FlatLogits() {}

    /** From {@code [B·T, V]} or {@code [B, T, V]}. */
    static INDArray fromRowMajor(INDArray output, String name) {
        if (output.rank() != 2 && output.rank() != 3) {
            throw refuse(output, name, "[B, V], [B*T, V] or [B, T, V]");
        }
        return withTwoClasses(flat(output, output));
    }

    /** From {@code [B, V]}, or {@code [B, V, T]} with positions last. */
    static INDArray fromPositionsLast(INDArray output, String name) {
        if (output.rank() == 2) {
            return fromRowMajor(output, name);
        }
        if (output.rank() != 3) {
            throw refuse(output, name, "[B, V] or [B, V, T]");
        }
        return withTwoClasses(flat(output.permute(0, 2, 1), output));
    }

    private static INDArray flat(INDArray view, INDArray owner) {
        long classes = view.size(view.rank() - 1);
        if (view == owner && view.rank() == 2 && view.ordering() == 'c' && !view.isView()) {
            return owner;
        }
        INDArray copy =
                Nd4j.createUninitialized(
                        view.dataType(), new long[] {view.length() / classes, classes}, 'c');
        copy.reshape('c', view.shape()).assign(view);
        owner.close();
        return copy;
    }

    /** One sigmoid with logit z is a softmax over the logits (0, z). */
    private static INDArray withTwoClasses(INDArray logits) {
        if (logits.size(1) != 1) {
            return logits;
        }
        INDArray two = Nd4j.create(logits.dataType(), new long[] {logits.size(0), 2}, 'c');
        try (INDArray z = logits) {
            two.getColumn(1).assign(z.getColumn(0));
        }
        return two;
    }

    private static IllegalStateException refuse(INDArray output, String name, String rule) {
        String shape = Arrays.toString(output.shape());
        output.close();
        return new IllegalStateException(
                "logits \"" + name + "\" must have shape " + rule + ", got " + shape);
    }
}
