package org.learningdynamics.train;

import org.learningdynamics.listener.UpdateListener;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A listener that reads metrics while the loop trains, each as its share of the update's. */
abstract class MetricListener extends BaseListener implements UpdateListener {
    private double weight = 1;

    /** What a value of the current pass counts in the update's sum. */
    final double weight() {
        return weight;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationStart(SameDiff sd, At at, MultiDataSet batch, long loadMillis) {
        weight = 1;
    }

    @Override
    public void microBatchStart(SameDiff gradients, At at, MicroBatch part) {
        weight = part.weight();
    }
}
