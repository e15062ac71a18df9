package org.learningdynamics.train;

import java.util.Map;
import org.learningdynamics.listener.UpdateClipping;
import org.learningdynamics.loss.LossMetrics;
import org.learningdynamics.loss.RewardShift;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Adds the mean reward of every batch to the running one; a reward that is not finite is not. */
final class RewardShiftListener extends MetricListener {
    private final RewardShift shift;
    private final String chosen;
    private final String rejected;
    private double sum;

    /** Variables by metric, the rewards of both halves among them, computed every iteration. */
    RewardShiftListener(RewardShift shift, Map<String, String> variables) {
        this.shift = shift;
        chosen = variables.getOrDefault(LossMetrics.CHOSEN_REWARD, "");
        rejected = variables.getOrDefault(LossMetrics.REJECTED_REWARD, "");
    }

    @Override
    public void activationAvailable(
            SameDiff sd,
            At at,
            MultiDataSet batch,
            SameDiffOp op,
            String variable,
            INDArray activation) {
        if (variable.equals(chosen) || variable.equals(rejected)) {
            sum += weight() * activation.getDouble(0);
        }
    }

    @Override
    public void gradientsAvailable(
            SameDiff gradients, At at, Map<String, INDArray> byParameter, UpdateClipping clipping) {
        // rewards are there already
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet batch, Loss loss) {
        if (Double.isFinite(sum)) {
            shift.add(sum / 2);
        }
        sum = 0;
    }
}
