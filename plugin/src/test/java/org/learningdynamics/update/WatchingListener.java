package org.learningdynamics.update;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Drives a watch as a recording listener does, and keeps every update. */
final class WatchingListener extends BaseListener {
    /** One update with the parameters before it. */
    record Followed(Map<String, INDArray> before, Map<String, ParameterUpdate> updates) {}

    private final SameDiffUpdateWatch watch;
    final List<Followed> followed = new ArrayList<>();

    WatchingListener(SameDiffUpdateWatch watch) {
        this.watch = watch;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationStart(SameDiff sd, At at, MultiDataSet data, long etlMillis) {
        watch.before();
    }

    @Override
    public void activationAvailable(
            SameDiff sd,
            At at,
            MultiDataSet batch,
            SameDiffOp op,
            String name,
            INDArray activation) {
        watch.parameterOf(name).ifPresent(parameter -> watch.gradient(parameter, activation));
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet data, Loss loss) {
        Map<String, INDArray> before = new LinkedHashMap<>();
        watch.parametersBefore().forEach((name, theta) -> before.put(name, theta.dup()));
        followed.add(new Followed(before, watch.after(at.iteration(), at.epoch())));
    }
}
