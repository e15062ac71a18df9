package org.learningdynamics.update;

import java.util.Map;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Follows single updates of one host, on the thread that trains: {@link #before} while the
 * parameters are still θ_t, then the host's own method for the batch's raw gradient, {@link #after}
 * when the parameters are θ_{t+1}. It only reads; what it keeps are copies outside every workspace,
 * each of a parameter's size.
 *
 * <p>Constraints such as DL4J's {@code MaxNormConstraint} act when the listeners are done, so that
 * {@link #after} does not see what they change; the next {@link #before} does.
 */
public interface UpdateWatch extends AutoCloseable {
    /** Copies the parameters; frees the copies of the update before. */
    void before();

    /**
     * The parameters that {@link #before} copied, by name; they stay valid until the next {@link
     * #before} or {@link #close}.
     *
     * @return θ_t in the parameters' own shapes, in the host's order
     */
    Map<String, INDArray> parametersBefore();

    /**
     * Splits the update that just happened.
     *
     * @param iteration the host's iteration counter during the update
     * @param epoch the host's epoch counter during the update
     * @return one entry a trained parameter; the caller closes them
     * @throws IllegalStateException if the parameters before or a gradient were not taken for this
     *     update
     */
    Map<String, ParameterUpdate> after(int iteration, int epoch);

    /**
     * How far values moved since {@link #before} that the host keeps among its parameters but that
     * have no gradient, such as batch normalisation's running mean and variance.
     *
     * @return θ_{t+1} − θ_t by name, empty for hosts without such values; the caller closes them
     * @throws IllegalStateException if {@link #before} was not called
     */
    Map<String, INDArray> statisticsShift();

    /**
     * The values that {@link #statisticsShift} is about, as {@link #before} found them; they stay
     * valid as long as {@link #parametersBefore}.
     *
     * @return by name, empty for hosts without such values
     */
    Map<String, INDArray> statisticsBefore();

    /** Frees what it holds. */
    @Override
    void close();
}
