package org.learningdynamics.listener;

import java.util.function.BooleanSupplier;
import org.deeplearning4j.earlystopping.termination.IterationTerminationCondition;
import org.learningdynamics.series.AlarmStop;

/**
 * Ends DL4J's early-stopping training at the update after which an {@link AlarmStop} is raised.
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *         .iterationTerminationConditions(new AlarmTermination(stop))
 *         .epochTerminationConditions(new MaxEpochsTerminationCondition(20))
 *         …
 * }</pre>
 *
 * <p>The recording listener that has the same {@code stopOn(stop)} must be attached to the network.
 * DL4J 1.0.0-M2.1 asks the model saver for a best model when a condition ends training, and fails
 * where none was saved, as in the first epoch: save the untrained network there beforehand. The
 * condition looks at nothing but the stop: the score that it is given is ignored. It lives as long
 * as its training: it cannot be serialised to a file and read again.
 */
public final class AlarmTermination implements IterationTerminationCondition {
    private static final long serialVersionUID = 1L;

    private final transient BooleanSupplier raised;

    /** What the early-stopping result names as the reason. */
    private final String name;

    /**
     * Watches a stop.
     *
     * @param stop of the run that is trained
     */
    public AlarmTermination(AlarmStop stop) {
        raised = stop::isRaised;
        name = "AlarmTermination(" + stop + ")";
    }

    @Override
    public void initialize() {
        // An alarm before training begins, such as a stale reference, counts too.
    }

    @Override
    public boolean terminate(double lastMiniBatchScore) {
        return raised.getAsBoolean();
    }

    @Override
    public String toString() {
        return name;
    }
}
