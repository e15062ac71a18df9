package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Losses of the current update, and their means over epochs. */
final class LossSums {
    private final Map<String, Double> update = new LinkedHashMap<>();
    private final List<String> variables;
    private List<String> names = List.of();
    private double[] epoch = new double[0];
    private int updates;
    private @Nullable LossCurve curve;

    LossSums(List<String> variables) {
        this.variables = List.copyOf(variables);
    }

    void startEpoch() {
        epoch = new double[0];
        updates = 0;
    }

    void startUpdate() {
        update.clear();
        variables.forEach(name -> update.put(name, 0.));
    }

    /** Takes an array if it is a loss; one that is no scalar counts as its sum. */
    void add(String variable, INDArray array, double weight) {
        if (update.containsKey(variable)) {
            double value = array.isScalar() ? array.getDouble(0) : array.sumNumber().doubleValue();
            update.merge(variable, weight * value, Double::sum);
        }
    }

    /** The losses of the update, and what regularisation adds. */
    Loss update(Map<String, Double> regularization) {
        update.putAll(regularization);
        names = new ArrayList<>(update.keySet());
        double[] values = update.values().stream().mapToDouble(v -> v).toArray();
        if (updates++ == 0) {
            epoch = values.clone();
        } else {
            for (int i = 0; i < values.length; i++) {
                epoch[i] += values[i];
            }
        }
        return new Loss(names, values);
    }

    /** The curve with this epoch's means at its end. */
    LossCurve curve() {
        if (updates == 0) {
            throw new IllegalStateException("an epoch must have a batch, got none");
        }
        for (int i = 0; i < epoch.length; i++) {
            epoch[i] /= updates;
        }
        LossCurve old = curve;
        LossCurve longer =
                old == null ? new LossCurve(epoch, names) : old.addLossAndCopy(epoch, names);
        curve = longer;
        return longer;
    }
}
