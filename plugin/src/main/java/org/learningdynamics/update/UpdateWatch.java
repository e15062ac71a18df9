package org.learningdynamics.update;

import java.util.Map;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Follows single updates of one host, on the thread that trains: {@link #before} while the
 * parameters are still θ_t, {@link #gradient} when the batch's raw gradient is known, {@link
 * #after} when the parameters are θ_{t+1}. It only reads; what it keeps are detached copies.
 */
public interface UpdateWatch extends AutoCloseable {
    /** Copies the parameters and what the optimiser remembers. */
    void before();

    /**
     * Takes a raw gradient, before the updater changes it in place.
     *
     * @param parameter the parameter's name; ignored by hosts that hold all gradients at once
     * @param raw the gradient, copied here
     */
    void gradient(String parameter, INDArray raw);

    /**
     * The parameters that {@link #before} copied, by name; they stay valid until the next {@link
     * #before} or {@link #close}.
     *
     * @return θ_t in the parameters' own shapes
     */
    Map<String, INDArray> parametersBefore();

    /**
     * Splits the update that just happened.
     *
     * @param iteration the host's iteration counter during the update
     * @param epoch the host's epoch counter during the update
     * @return one entry a trained parameter; the caller closes them
     * @throws IllegalStateException if before or gradient were not called for this update
     */
    Map<String, ParameterUpdate> after(int iteration, int epoch);

    /** Frees what it holds. */
    @Override
    void close();
}
