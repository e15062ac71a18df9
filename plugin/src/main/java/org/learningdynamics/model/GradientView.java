package org.learningdynamics.model;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients of single rows with respect to a model's parameters, many rows in one pass, without
 * touching the model.
 *
 * <p>As a {@link ModelView}, a gradient view is made on any thread and used by one, while training
 * waits. It works in evaluation mode: dropout off, batch normalisation with its running statistics.
 * Parameters are named as the host names them.
 */
public interface GradientView extends AutoCloseable {
    /**
     * Takes the parameters to work at. Arrays are read during later calls, so they must stay as
     * they are until the next load.
     *
     * @param parameters by name, in the host's own shapes
     * @throws IllegalArgumentException if one of the model's is missing
     */
    void load(Map<String, INDArray> parameters);

    /**
     * Logits of each row, and the gradient of its {@code Σ_t log π_t(y_t)}. Where the model allows
     * it, logits are made only where there are labels, and at some other positions; the pass tells.
     *
     * @param input the rows
     * @param labels token or class id of each position; negative where none is read // [N][T]
     * @return logits and gradients, closed by the caller
     */
    RowPass observe(ModelInput input, int[][] labels);

    /**
     * Logits of each row, and the gradient of {@code Σ seed∘logits} over its positions and classes.
     * Where the model allows it, logits are made only where a weight is not 0, and at some other
     * positions; the pass tells.
     *
     * @param input the rows
     * @param seed weight of every logit, row-major as the logits // [N·T, V]
     * @return logits and gradients, closed by the caller
     */
    RowPass observe(ModelInput input, INDArray seed);

    /**
     * What has no rule and is differentiated row by row: a layer's or an op's name with the reason,
     * as far as passes so far have met it.
     *
     * @return sentences, empty if everything has a rule
     */
    List<String> fallbacks();

    /** Frees what it holds. */
    @Override
    void close();
}
