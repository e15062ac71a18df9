package org.learningdynamics.update;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One update as a function of the gradient x that the updater received: {@code scale·D∘x +
 * history}, which the host subtracts.
 *
 * @param scale a common factor, such as the learning rate
 * @param preconditioner D // the parameter's shape; ones where absent
 * @param history what earlier batches add // the parameter's shape; zero where absent
 */
public record UpdateSplit(
        double scale, Optional<INDArray> preconditioner, Optional<INDArray> history) {
    /**
     * An update that is a multiple of the gradient.
     *
     * @param scale the factor
     * @return scale·x
     */
    public static UpdateSplit of(double scale) {
        return new UpdateSplit(scale, Optional.empty(), Optional.empty());
    }

    /**
     * A multiple of the gradient and what earlier batches add.
     *
     * @param scale the factor
     * @param history what earlier batches add
     * @return scale·x + history
     */
    public static UpdateSplit withHistory(double scale, INDArray history) {
        return new UpdateSplit(scale, Optional.empty(), Optional.of(history));
    }
}
