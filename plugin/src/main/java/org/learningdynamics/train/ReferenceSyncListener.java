package org.learningdynamics.train;

import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Synchronises a reference between updates; at the end of an iteration all parameters are moved.
 */
final class ReferenceSyncListener extends BaseListener {
    private final ReferenceSync sync;
    private final DecoderModel policy;
    private final DecoderModel reference;
    private int updatesDone;

    ReferenceSyncListener(ReferenceSync sync, DecoderModel policy, DecoderModel reference) {
        this.sync = sync;
        this.policy = policy;
        this.reference = reference;
    }

    /** Counts on from some updates. */
    void resume(int done) {
        updatesDone = done;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
        updatesDone++;
        if (sync.isDue(updatesDone)) {
            sync.mix(policy, reference);
        }
    }
}
