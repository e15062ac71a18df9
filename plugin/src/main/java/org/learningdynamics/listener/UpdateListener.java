package org.learningdynamics.listener;

import java.util.Map;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A listener of SameDiff that can follow updates made of several backward passes, or with clipped
 * gradients, as {@code TrainingLoop} makes them. {@code SameDiff.fit} knows neither and calls none
 * of these methods; for an update of one pass without clipping the loop calls {@link #stops} alone.
 *
 * <p>Of such an update a listener hears, in this order: {@code iterationStart}; for each
 * micro-batch {@link #microBatchStart} and the callbacks of its ops, whose values are that
 * micro-batch's alone; {@link #gradientsAvailable}; {@code preUpdate} of each parameter; {@code
 * iterationDone}. The update's loss, metrics and gradients are the sums of the micro-batches', each
 * times its weight.
 */
public interface UpdateListener extends Listener {
    /**
     * Rows of an update's batch that go through the graph together.
     *
     * @param batch their arrays, valid until the update is done
     * @param rows which rows of the update's batch they are, by index, in their order // [rows]
     * @param weight factor of the micro-batch's loss, metrics and gradients, at least 0
     */
    record MicroBatch(MultiDataSet batch, int[] rows, double weight) {
        /**
         * Copies.
         *
         * @param batch the rows' arrays
         * @param rows indices in the update's batch
         * @param weight factor of the loss
         * @throws IllegalArgumentException if the weight is negative or not finite
         */
        public MicroBatch {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weight must be finite and >= 0, got " + weight);
            }
            rows = rows.clone();
        }

        /**
         * The rows of the update's batch.
         *
         * @return a copy // [rows]
         */
        @Override
        public int[] rows() {
            return rows.clone();
        }
    }

    /**
     * Called before the backward pass of each micro-batch of an update.
     *
     * @param gradients the graph that computes gradients
     * @param at the update
     * @param part what goes through it
     */
    void microBatchStart(SameDiff gradients, At at, MicroBatch part);

    /**
     * Called once all passes of an update are done, before regularisation, updater and any change
     * of a parameter.
     *
     * @param gradients the graph that computes gradients
     * @param at the update
     * @param byParameter the update's gradient of each parameter, not clipped; the loop's own
     *     arrays, only to be read during the call
     * @param clipping what {@link UpdateClipping#factor} all of them will be multiplied by, and why
     */
    void gradientsAvailable(
            SameDiff gradients, At at, Map<String, INDArray> byParameter, UpdateClipping clipping);

    /**
     * Asked after {@code iterationDone} of every update, by the loop alone.
     *
     * @return true if no other update should follow, not even in this epoch
     */
    default boolean stops() {
        return false;
    }
}
