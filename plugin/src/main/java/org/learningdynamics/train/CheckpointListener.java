package org.learningdynamics.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Saves the model after every so many updates, on the thread that trains; only reads it. */
final class CheckpointListener extends BaseListener {
    private final CheckpointPlan plan;
    private final DecoderModel model;
    private final String run;
    private final LearningRateSchedule schedule;
    private int done;

    CheckpointListener(
            CheckpointPlan plan,
            DecoderModel model,
            String run,
            LearningRateSchedule schedule,
            int done) {
        this.done = done;
        this.plan = plan;
        this.model = model;
        this.run = run;
        this.schedule = schedule;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
        done++;
        if (done % plan.every() == 0) {
            save(done);
        }
    }

    void save(int iteration) {
        double rate = schedule.valueAt(Math.max(0, iteration - 1), 0);
        Path file = plan.file(run, iteration);
        try {
            model.save(file, new Checkpoint(file, run, iteration, rate).notes());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be writable", e);
        }
    }
}
