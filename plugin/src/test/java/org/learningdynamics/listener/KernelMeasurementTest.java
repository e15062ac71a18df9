package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.learningdynamics.influence.CrossedDraws;
import org.learningdynamics.influence.GradientInteractions;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.model.RowPass;
import org.learningdynamics.model.SameDiffGradients;
import org.learningdynamics.recording.KernelBlock;
import org.learningdynamics.recording.KernelRow;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernel against full Jacobians that SameDiff gives one logit at a time. */
class KernelMeasurementTest {
    private static final int INPUTS = 4;
    private static final int CLASSES = 3;
    private static final long MEMORY = 1 << 22;
    private static final List<String> PARAMETERS = List.of("w1", "b1", "w2", "b2");

    private SameDiff graph;
    private SameDiffGradients view;

    @BeforeEach
    void makeGraph() {
        graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, -1, INPUTS);
        SDVariable flat = x.reshape(-1, INPUTS);
        SDVariable hidden =
                graph.math()
                        .tanh(graph.mmul(flat, variable("w1", INPUTS, 5)).add(variable("b1", 5)));
        graph.mmul(hidden, variable("w2", 5, CLASSES))
                .add(variable("b2", CLASSES))
                .rename("logits");
        view = SameDiffGradients.of(graph, List.of("x"), "logits");
        Map<String, INDArray> values = new HashMap<>();
        PARAMETERS.forEach(name -> values.put(name, graph.getVariable(name).getArr()));
        view.load(values);
    }

    private SDVariable variable(String name, long... shape) {
        return graph.var(name, RandomArrays.gaussian(name.hashCode(), DataType.DOUBLE, shape));
    }

    @Test
    void blocksEqualProductsOfJacobians() {
        INDArray probes = input(1, 2, 1);
        INDArray batch = input(2, 3, 1);
        KernelMeasurement measurement = measurement(batch, 3, 1, KernelOptions.defaults());
        int[][] labels = {{0}, {2}};
        measurement.measure(observed(probes, labels), labels);
        assertEquals(6, measurement.blocks().size());
        for (KernelBlock block : measurement.blocks()) {
            double[][] observed = jacobian(probes, block.probe(), 1);
            double[][] learnt = jacobian(batch, block.position(), 1);
            double trace = 0;
            double squares = 0;
            for (int v = 0; v < CLASSES; v++) {
                for (int w = 0; w < CLASSES; w++) {
                    double expected = dot(observed[v], learnt[w]);
                    assertEquals(expected, block.values().get(v, w), 1e-6 * (1 + expected));
                    squares += expected * expected;
                }
                trace += dot(observed[v], learnt[v]);
            }
            assertEquals(trace, row(measurement, "trace", block).value(), 1e-10);
            assertEquals(Math.sqrt(squares), row(measurement, "frobenius", block).value(), 1e-10);
            assertEquals(0, row(measurement, "frobenius", block).standardError());
        }
    }

    @Test
    void contractionOfAKAndGEqualsTheInnerProduct() {
        INDArray probes = input(1, 2, 1);
        INDArray batch = input(2, 3, 1);
        int[][] labels = {{0}, {2}};
        INDArray residuals = RandomArrays.gaussian(5, DataType.DOUBLE, 3, CLASSES);
        KernelMeasurement measurement = measurement(batch, 3, 1, KernelOptions.defaults());
        measurement.measure(observed(probes, labels), labels);
        try (RowPass learnt = view.observe(ModelInput.of(batch), residuals);
                RowPass observed = view.observe(ModelInput.of(probes), labels);
                GradientInteractions interactions =
                        new GradientInteractions(
                                learnt.gradients(), 1, Map.of(), InfluenceForm.DOT, MEMORY)) {
            double[][] inner = interactions.with(observed.gradients()).total();
            INDArray pi = Nd4j.nn().softmax(observed.logits(), 1);
            for (KernelBlock block : measurement.blocks()) {
                double sum = 0;
                for (int v = 0; v < CLASSES; v++) {
                    boolean own = v == labels[block.probe()][0];
                    double a = (own ? 1 : 0) - pi.getDouble(block.probe(), v);
                    for (int w = 0; w < CLASSES; w++) {
                        double g = residuals.getDouble(block.position(), w);
                        sum += a * block.values().get(v, w) * g;
                    }
                }
                assertEquals(inner[block.probe()][block.position()], sum, 1e-6);
            }
        }
    }

    @Test
    void estimatesLieWithinTheirErrorsAndTheirErrorsAreRight() {
        int observedLength = 2;
        int learntLength = 3;
        INDArray probes = input(3, 1, observedLength);
        INDArray batch = input(4, 1, learntLength);
        double trace = 0;
        double squares = 0;
        for (int m = 0; m < observedLength; m++) {
            for (int l = 0; l < learntLength; l++) {
                double[][] o = jacobian(probes, m, observedLength);
                double[][] u = jacobian(batch, l, learntLength);
                for (int v = 0; v < CLASSES; v++) {
                    trace += dot(o[v], u[v]);
                    for (int w = 0; w < CLASSES; w++) {
                        squares += Math.pow(dot(o[v], u[w]), 2);
                    }
                }
            }
        }
        int[][] labels = {{1, 0}};
        double pairs = observedLength * learntLength;
        List<Double> traces = new ArrayList<>();
        List<Double> norms = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            KernelMeasurement measurement =
                    measurement(batch, 1, learntLength, new KernelOptions(16, 1, seed));
            measurement.measure(observed(probes, labels), labels);
            for (KernelRow row : measurement.rows()) {
                boolean isTrace = row.name().equals("trace");
                double truth = isTrace ? trace / pairs : Math.sqrt(squares / pairs);
                (isTrace ? traces : norms).add((row.value() - truth) / row.standardError());
                assertTrue(row.standardError() <= 0.2 * Math.abs(row.value()), row.toString());
            }
        }
        assertTrue(norms.size() >= 6, "most estimates are sure enough: " + norms);
        for (List<Double> all : List.of(traces, norms)) {
            for (double z : all) {
                assertTrue(Math.abs(z) < 5, all.toString());
            }
        }
    }

    @Test
    void crossedDrawsGiveTheErrorOfTheMean() {
        Random random = new Random(1);
        double squares = 0;
        double stated = 0;
        int trials = 400;
        for (int trial = 0; trial < trials; trial++) {
            double[] a = random.doubles(6).toArray();
            double[] b = random.doubles(6).toArray();
            double[][] values = new double[6][6];
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    values[i][j] = a[i] + b[j];
                }
            }
            CrossedDraws draws = CrossedDraws.of(values);
            squares += Math.pow(draws.mean() - 1, 2) / trials;
            stated += draws.standardError() * draws.standardError() / trials;
        }
        assertEquals(squares, stated, 0.2 * squares);
    }

    private KernelMeasurement measurement(
            INDArray batch, int rows, int length, KernelOptions options) {
        boolean[] read = new boolean[rows * length];
        java.util.Arrays.fill(read, true);
        return new KernelMeasurement(
                1,
                options,
                view,
                new KernelMeasurement.LearntSide(
                        ModelInput.of(batch), new LogitSigns(read, CLASSES), rows, DataType.DOUBLE),
                MEMORY);
    }

    private static ObservedRows observed(INDArray probes, int[][] labels) {
        ProbeBatch batch = new ProbeBatch(ModelInput.of(probes), List.of(reading(labels)));
        return new ObservedRows(batch, batch.input(), batch.readings().get(0));
    }

    private static ProbeBatch.Reading reading(int[][] labels) {
        List<ProbeBatch.RowName> names = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            names.add(new ProbeBatch.RowName(i, "label"));
        }
        return new ProbeBatch.Reading(names, Labels.perPosition(labels));
    }

    private static KernelRow row(KernelMeasurement measurement, String name, KernelBlock block) {
        return measurement.rows().stream()
                .filter(row -> row.name().equals(name) && row.probe() == block.probe())
                .filter(row -> row.position() == block.position())
                .findFirst()
                .orElseThrow();
    }

    private static INDArray input(long seed, int rows, int length) {
        return RandomArrays.gaussian(seed, DataType.DOUBLE, rows, length, INPUTS);
    }

    /** Gradient of every logit at one of all positions, by SameDiff itself. */
    private double[][] jacobian(INDArray input, int position, int length) {
        double[][] rows = new double[CLASSES][];
        for (int v = 0; v < CLASSES; v++) {
            SameDiff copy = SameDiff.create();
            graph.invokeGraphOn(copy);
            INDArray pick = Nd4j.zeros(DataType.DOUBLE, input.size(0) * length, CLASSES);
            pick.putScalar(position, v, 1);
            copy.getVariable("logits").mul(copy.constant("pick", pick)).sum().rename("picked");
            copy.setLossVariables("picked");
            Map<String, INDArray> gradients =
                    copy.calculateGradients(Map.of("x", input), PARAMETERS.toArray(String[]::new));
            List<INDArray> all = PARAMETERS.stream().map(gradients::get).toList();
            rows[v] = RandomArrays.values(all);
        }
        return rows;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
