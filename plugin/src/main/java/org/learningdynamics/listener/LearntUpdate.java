package org.learningdynamics.listener;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.influence.ParameterUpdate;
import org.learningdynamics.model.GradientView;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a host handed over of one update; made on the training thread, used on the probe thread.
 *
 * @param parameters θ_t; the watch's own, not closed here
 * @param statistics values without a gradient, such as running means, as they are after the update;
 *     the host's own, not closed here
 * @param updates what became of each parameter
 * @param scale what makes the rows' terms sum to the gradient that was trained on
 * @param batch the rows that were learnt
 * @param ids of the batch's examples, in their order
 */
record LearntUpdate(
        Map<String, INDArray> parameters,
        Map<String, INDArray> statistics,
        Map<String, ParameterUpdate> updates,
        double scale,
        Batch batch,
        List<Long> ids)
        implements AutoCloseable {

    /** The rows of a batch. */
    interface Batch extends AutoCloseable {
        /** The rows as a model takes them. */
        ModelInput input();

        /** Logits at θ_t and the gradient of each row's term of the loss. */
        Pass pass(GradientView view);

        @Override
        void close();
    }

    /**
     * A pass over the batch.
     *
     * @param rows logits and gradients
     * @param residuals gradient of the summed loss at the logits, where the host tells // [N·T, V]
     */
    record Pass(RowPass rows, Optional<INDArray> residuals) {}

    @Override
    public void close() {
        updates.values().forEach(ParameterUpdate::close);
        batch.close();
    }
}
