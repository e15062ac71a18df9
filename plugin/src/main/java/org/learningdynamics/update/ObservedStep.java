package org.learningdynamics.update;

import java.util.Optional;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;

/**
 * Everything known about one parameter's update; puts it together as {@code −(scale·D∘g + history +
 * decay)}.
 *
 * @param before θ_t
 * @param now the host's own θ_{t+1}
 * @param gradient g; becomes the result's
 * @param clipping what was done to g before anything else
 * @param terms the regularisation
 * @param sign 1 where the host subtracts its update, −1 where it adds it
 */
record ObservedStep(
        INDArray before,
        INDArray now,
        INDArray gradient,
        Clipping clipping,
        RegularizationTerms terms,
        int sign) {
    /**
     * A factor on the gradient that does not look at single values, or one a value.
     *
     * @param factor common factor
     * @param values factors by value, owned by this record; ones where absent
     */
    record Clipping(double factor, Optional<INDArray> values) {
        static final Clipping NONE = new Clipping(1, Optional.empty());
    }

    /**
     * Makes the result.
     *
     * @param split the updater's split; its arrays become the result's
     */
    ParameterUpdate with(UpdateSplit split) {
        Optional<INDArray> decay = decay(split);
        Optional<INDArray> history = split.history();
        if (sign < 0) {
            decay.ifPresent(INDArray::negi);
            history.ifPresent(INDArray::negi);
        }
        return new ParameterUpdate(
                now.sub(before),
                gradient,
                sign * split.scale() * clipping.factor(),
                preconditioner(split),
                history,
                decay);
    }

    /** {@code scale·D∘(terms before the updater) + terms after it}. */
    private Optional<INDArray> decay(UpdateSplit split) {
        Optional<INDArray> first = terms.at(ApplyStep.BEFORE_UPDATER, before);
        first.ifPresent(r -> split.preconditioner().ifPresent(r::muli));
        first.ifPresent(r -> r.muli(split.scale()));
        Optional<INDArray> last = terms.at(ApplyStep.POST_UPDATER, before);
        if (first.isEmpty()) {
            return last;
        }
        last.ifPresent(first.get()::addi);
        last.ifPresent(INDArray::close);
        return first;
    }

    private Optional<INDArray> preconditioner(UpdateSplit split) {
        Optional<INDArray> own = split.preconditioner();
        if (own.isEmpty()) {
            return clipping.values();
        }
        clipping.values().ifPresent(own.get()::muli);
        clipping.values().ifPresent(INDArray::close);
        return own;
    }
}
