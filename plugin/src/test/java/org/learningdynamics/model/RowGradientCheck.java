package org.learningdynamics.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.influence.FactoredGradient;
import org.learningdynamics.influence.GradientFactor;
import org.learningdynamics.influence.ParameterMatrix;
import org.learningdynamics.influence.RowGradients;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Compares gradients of rows with those that Deeplearning4j finds for one row at a time. */
final class RowGradientCheck {
    private RowGradientCheck() {}

    static double tolerance(DataType type) {
        return type == DataType.DOUBLE ? 1e-10 : 1e-5;
    }

    /** What the host's own backpropagation gives for a batch, by parameter. */
    static Map<String, INDArray> ofHost(Object network, LearntBatch batch) {
        Map<String, INDArray> found = new HashMap<>();
        if (network instanceof MultiLayerNetwork net) {
            net.rnnClearPreviousState();
            net.setInput(batch.features().get(0));
            net.setLabels(batch.labels().get(0));
            net.setLayerMaskArrays(
                    batch.featureMasks().get(0).orElse(null),
                    batch.labelMasks().get(0).orElse(null));
            net.computeGradientAndScore();
            net.gradient().gradientForVariable().forEach((k, v) -> found.put(k, v.dup('c')));
            net.clearLayerMaskArrays();
        } else if (network instanceof ComputationGraph net) {
            net.rnnClearPreviousState();
            net.setInputs(batch.features().toArray(new INDArray[0]));
            net.setLabels(batch.labels().toArray(new INDArray[0]));
            net.setLayerMaskArrays(
                    Masks.nullable(batch.featureMasks()), Masks.nullable(batch.labelMasks()));
            net.computeGradientAndScore();
            net.gradient().gradientForVariable().forEach((k, v) -> found.put(k, v.dup('c')));
            net.clearLayerMaskArrays();
        }
        return found;
    }

    static List<Map<String, INDArray>> ofHostRowByRow(Object network, LearntBatch batch) {
        List<Map<String, INDArray>> rows = new ArrayList<>();
        for (int row = 0; row < batch.features().get(0).size(0); row++) {
            rows.add(ofHost(network, row(batch, row)));
        }
        return rows;
    }

    static LearntBatch row(LearntBatch batch, int row) {
        return new LearntBatch(
                batch.features().stream().map(a -> row(a, row)).toList(),
                batch.labels().stream().map(a -> row(a, row)).toList(),
                batch.featureMasks().stream().map(m -> m.map(a -> row(a, row))).toList(),
                batch.labelMasks().stream().map(m -> m.map(a -> row(a, row))).toList());
    }

    private static INDArray row(INDArray array, int row) {
        return array.get(NDArrayIndex.interval(row, row + 1)).dup();
    }

    /** The rows' gradients are the given ones, times a factor. */
    static void assertRows(
            List<Map<String, INDArray>> expected, double factor, RowGradients got, DataType type) {
        Map<String, INDArray> explicit = explicit(got);
        for (String name : expected.get(0).keySet()) {
            if (!explicit.containsKey(name)) {
                expected.forEach(row -> assertEquals(0, norm(row.get(name)), name));
            }
        }
        for (FactoredGradient gradient : got.parameters()) {
            String name = gradient.parameter().name();
            double error = 0;
            double size = 0;
            for (int row = 0; row < expected.size(); row++) {
                INDArray host = gradient.parameter().matrix(expected.get(row).get(name));
                INDArray wanted = host.castTo(DataType.DOUBLE).mul(factor);
                INDArray ours =
                        explicit.get(name).get(NDArrayIndex.point(row)).reshape(wanted.shape());
                error = Math.max(error, norm(wanted.sub(ours)));
                size = Math.max(size, norm(wanted));
            }
            assertTrue(size > 0, name + " has no gradient");
            double relative = error / size;
            assertTrue(relative <= tolerance(type), name + " is off by " + relative);
        }
    }

    /** Gradients in the open, in float64 // [N, d, p]. */
    static Map<String, INDArray> explicit(RowGradients gradients) {
        Map<String, INDArray> all = new HashMap<>();
        for (FactoredGradient each : gradients.parameters()) {
            for (GradientFactor factor : each.factors()) {
                ParameterMatrix parameter = each.parameter();
                INDArray value =
                        new FactoredGradient(parameter, List.of(factor))
                                .explicit(0, parameter.columns())
                                .castTo(DataType.DOUBLE);
                all.merge(each.parameter().name(), value, INDArray::add);
            }
        }
        return all;
    }

    /** Learnt gradients are those of rows alone, and add up to the host's. */
    static void assertLearnt(
            NetworkGradients view, Object network, LearntBatch batch, DataType type) {
        view.load(parameters(network));
        try (RowPass pass = view.learnt(batch)) {
            assertRows(ofHostRowByRow(network, batch), 1, pass.gradients(), type);
            assertSum(ofHost(network, batch), pass.gradients(), type);
        }
    }

    static void assertSum(Map<String, INDArray> expected, RowGradients got, DataType type) {
        Map<String, INDArray> explicit = explicit(got);
        for (FactoredGradient gradient : got.parameters()) {
            String name = gradient.parameter().name();
            INDArray host = gradient.parameter().matrix(expected.get(name)).castTo(DataType.DOUBLE);
            INDArray sum = explicit.get(name).sum(0).reshape(host.shape());
            double relative = norm(host.sub(sum)) / Math.max(norm(host), 1e-300);
            assertTrue(relative <= 10 * tolerance(type), name + " sums up off by " + relative);
        }
    }

    /**
     * Observed gradients are those of rows alone; the network's loss must be the negative
     * log-likelihood, and the batch's labels and label masks must say the same as the labels.
     */
    static void assertObserved(
            NetworkGradients view,
            Object network,
            LearntBatch batch,
            int[][] labels,
            DataType type) {
        view.load(parameters(network));
        List<INDArray> masks = batch.featureMasks().stream().flatMap(Optional::stream).toList();
        try (RowPass pass = view.observe(new ModelInput(batch.features(), masks), labels)) {
            assertRows(ofHostRowByRow(network, batch), -1, pass.gradients(), type);
        }
    }

    static Map<String, INDArray> parameters(Object network) {
        return network instanceof MultiLayerNetwork net
                ? net.paramTable()
                : ((ComputationGraph) network).paramTable();
    }

    static INDArray gaussian(long seed, DataType type, long... shape) {
        Random random = new Random(seed);
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> random.nextGaussian());
        return Nd4j.createFromArray(values).reshape('c', shape).castTo(type);
    }

    /** Class ids of rows without positions // [N][1]. */
    static int[][] classes(long seed, int rows, int classes) {
        Random random = new Random(seed);
        int[][] labels = new int[rows][1];
        Arrays.setAll(labels, i -> new int[] {random.nextInt(classes)});
        return labels;
    }

    static INDArray oneHot(int[][] labels, int classes, DataType type) {
        INDArray hot = Nd4j.create(type, labels.length, classes);
        for (int i = 0; i < labels.length; i++) {
            hot.putScalar(i, labels[i][0], 1);
        }
        return hot;
    }

    private static double norm(INDArray array) {
        return array.castTo(DataType.DOUBLE).norm2Number().doubleValue();
    }
}
