package org.learningdynamics.update;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.learningdynamics.influence.ParameterUpdate;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Drives a watch as a recording listener does, and keeps every update. */
final class WatchingNetworkListener extends BaseTrainingListener {
    /** One update with the parameters before it, and what moved without a gradient. */
    record Followed(
            Map<String, INDArray> before,
            Map<String, ParameterUpdate> updates,
            Map<String, INDArray> shifts) {}

    private final NetworkUpdateWatch watch;
    final List<Followed> followed = new ArrayList<>();

    WatchingNetworkListener(NetworkUpdateWatch watch) {
        this.watch = watch;
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        watch.before();
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        watch.before();
    }

    @Override
    public void onGradientCalculation(Model model) {
        watch.gradients();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        Map<String, INDArray> before = new LinkedHashMap<>();
        watch.parametersBefore().forEach((name, theta) -> before.put(name, theta.dup()));
        followed.add(new Followed(before, watch.after(iteration, epoch), watch.statisticsShift()));
    }
}
