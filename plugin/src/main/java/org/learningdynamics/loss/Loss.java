package org.learningdynamics.loss;

import java.util.Map;
import java.util.Set;
import org.learningdynamics.measure.ResponseCoefficients;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A loss on the log-probabilities of responses. The same formula exists three times, and tests hold
 * the three together: as a number, as the coefficients {@code c = ∂ℓ/∂s} that drive every
 * decomposition of a step, and as a SameDiff graph to train with.
 *
 * <p>The loss of a batch is the mean of its examples' losses; an example is a pair for a {@link
 * PairwiseLoss}, a row for a {@link ResponseLoss}; a {@link WeightedLoss} adds several losses up.
 * Implementations are immutable values, safe for several threads.
 */
public sealed interface Loss extends ResponseCoefficients
        permits PairwiseLoss, ResponseLoss, WeightedLoss {
    /**
     * The name under which {@link Losses} knows the loss.
     *
     * @return lower case, words joined by hyphens
     */
    String name();

    /**
     * The parameters under the names that {@link Losses} takes, such as {@code beta}.
     *
     * @return an unmodifiable map in the order of declaration
     */
    Map<String, Double> parameters();

    /**
     * Tells whether log-probabilities under a reference model are needed.
     *
     * @return true if so
     */
    default boolean needsReference() {
        return needs().contains(LossNeed.REFERENCE);
    }

    /**
     * What the loss needs besides log-probabilities.
     *
     * @return an unmodifiable set
     */
    Set<LossNeed> needs();

    /**
     * The loss of each example of a batch; their mean is the loss of the batch.
     *
     * @param batch scores of the rows
     * @return one loss per pair (pairwise) or per row // [examples]
     * @throws IllegalArgumentException if the batch does not fit the loss: pairs need an even
     *     number of rows, other losses what {@link #needs} names
     */
    double[] values(ResponseScores batch);

    /**
     * The loss of a batch.
     *
     * @param batch scores of the rows
     * @return mean of {@link #values}
     * @throws IllegalArgumentException if the batch does not fit the loss: pairs need an even
     *     number of rows
     */
    default double value(ResponseScores batch) {
        double sum = 0;
        double[] values = values(batch);
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /**
     * Defines the loss and its metrics in a graph and marks it as the graph's loss variable. Any
     * number of rows and any length is allowed at run time. Not thread-safe, as the graph is not.
     *
     * @param graph where to define it
     * @param inputs the rows' variables, of that graph
     * @return the loss, per-example losses and metrics
     * @throws IllegalArgumentException if the inputs lack what {@link #needs} names
     */
    LossGraph define(SameDiff graph, LossInputs inputs);
}
