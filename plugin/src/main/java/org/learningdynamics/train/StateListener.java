package org.learningdynamics.train;

import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Asks for the run's state after every so many updates, as the last of all listeners: after the
 * last update of an epoch when all have seen the epoch's end. The last update of the run is none to
 * go on from.
 */
final class StateListener extends BaseListener {
    private final int every;
    private final BatchPlan plan;
    private final Runnable save;
    private int done;

    StateListener(int every, BatchPlan plan, int done, Runnable save) {
        this.every = every;
        this.plan = plan;
        this.done = done;
        this.save = save;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
        done++;
        if (isDue() && done % plan.batchesPerEpoch() != 0) {
            save.run();
        }
    }

    private boolean isDue() {
        return done % every == 0 && done < plan.updates();
    }

    @Override
    public ListenerResponse epochEnd(SameDiff sd, At at, LossCurve losses, long millis) {
        if (isDue() && done % plan.batchesPerEpoch() == 0) {
            save.run();
        }
        return ListenerResponse.CONTINUE;
    }
}
