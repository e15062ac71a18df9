package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;

/** Golden steps of PyTorch; torch_optimizers.py beside them made them. */
class TorchOptimizersTest {
    private record Step(double rate, double[] values) {}

    private record Golden(
            double rate,
            int warm_up,
            double[] start,
            double[][] gradients,
            Map<String, List<Step>> float64,
            Map<String, List<Step>> float32) {
        static Golden load() throws IOException {
            try (InputStream in =
                            TorchOptimizersTest.class.getResourceAsStream("torch-optimizers.json");
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                return new Gson().fromJson(reader, Golden.class);
            }
        }

        IUpdater updater(String name) {
            LearningRateSchedule schedule =
                    new LearningRateSchedule(rate, warm_up + 1, LearningRateDecay.CONSTANT, 20);
            return name.equals("rmsprop") ? new TorchRmsProp(schedule) : new TorchAdam(schedule);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw", "rmsprop"})
    void takesPyTorchsStepsInDoublePrecision(String name) throws IOException {
        Golden golden = Golden.load();
        double worst = worst(golden, name, DataType.DOUBLE, golden.float64().get(name));
        assertTrue(worst < 1e-12, "off by " + worst);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw", "rmsprop"})
    void takesPyTorchsStepsInSinglePrecision(String name) throws IOException {
        Golden golden = Golden.load();
        double worst = worst(golden, name, DataType.FLOAT, golden.float32().get(name));
        assertTrue(worst < 1e-6, "off by " + worst);
    }

    /** Largest difference, relative to the parameters' size. */
    private static double worst(Golden golden, String name, DataType type, List<Step> steps) {
        INDArray parameter = Nd4j.createFromArray(golden.start()).castTo(type);
        IUpdater config = golden.updater(name);
        INDArray states = Nd4j.create(type, 1, config.stateSize(parameter.length()));
        GradientUpdater<?> updater = config.instantiate(states, true);
        double worst = 0;
        for (int i = 0; i < steps.size(); i++) {
            double rate = config.getLearningRate(i, 0);
            assertEquals(steps.get(i).rate(), rate, 1e-15);
            INDArray update = Nd4j.createFromArray(golden.gradients()[i]).castTo(type);
            updater.applyUpdater(update, i, 0);
            if (name.equals("adamw")) {
                new DecoupledDecay(0.1).apply(parameter, update, rate, i, 0);
            }
            parameter.subi(update);
            double[] expected = steps.get(i).values();
            for (int k = 0; k < expected.length; k++) {
                double size = Math.max(Math.abs(expected[k]), 0.1);
                worst = Math.max(worst, Math.abs(expected[k] - parameter.getDouble(k)) / size);
            }
        }
        assertEquals(20, steps.size());
        return worst;
    }

    /** The sizes of steps, which the parameters' own rounding hides. */
    @ParameterizedTest
    @ValueSource(strings = {"adam", "rmsprop"})
    void stepsAreTheFormulaAlsoInSinglePrecision(String name) throws IOException {
        Golden golden = Golden.load();
        IUpdater config = golden.updater(name);
        int values = golden.start().length;
        GradientUpdater<?> updater =
                config.instantiate(Nd4j.create(DataType.FLOAT, 1, config.stateSize(values)), true);
        double[] m = new double[values];
        double[] v = new double[values];
        for (int i = 0; i < golden.gradients().length; i++) {
            INDArray update = Nd4j.createFromArray(golden.gradients()[i]).castTo(DataType.FLOAT);
            double[] g = update.toDoubleVector();
            updater.applyUpdater(update, i, 0);
            double rate = config.getLearningRate(i, 0);
            for (int k = 0; k < values; k++) {
                double step = name.equals("adam") ? adam(m, v, g[k], k, i) : rmsProp(v, g[k], k);
                assertEquals(1, update.getDouble(k) / (rate * step), 2e-6, i + "/" + k);
            }
        }
    }

    private static double adam(double[] m, double[] v, double g, int k, int i) {
        m[k] = .9 * m[k] + .1 * g;
        v[k] = .999 * v[k] + .001 * g * g;
        double first = m[k] / (1 - Math.pow(.9, i + 1));
        return first / (Math.sqrt(v[k] / (1 - Math.pow(.999, i + 1))) + 1e-8);
    }

    private static double rmsProp(double[] v, double g, int k) {
        v[k] = .99 * v[k] + .01 * g * g;
        return g / (Math.sqrt(v[k]) + 1e-8);
    }

    @Test
    void arePartOfANetworksText() {
        for (IUpdater updater :
                List.of(
                        new TorchAdam(.25, .8, .99, 1e-6),
                        new TorchRmsProp(.25, .9, 1e-6),
                        new TorchAdam(new CosineSchedule(ScheduleType.EPOCH, .1, 3)),
                        new TorchRmsProp(new CosineSchedule(ScheduleType.EPOCH, .1, 3)))) {
            MultiLayerConfiguration configuration =
                    new NeuralNetConfiguration.Builder()
                            .updater(updater)
                            .list()
                            .layer(new OutputLayer.Builder().nIn(3).nOut(4).build())
                            .build();
            var read =
                    (OutputLayer)
                            MultiLayerConfiguration.fromJson(configuration.toJson())
                                    .getConf(0)
                                    .getLayer();
            assertEquals(updater, read.getIUpdater());
            assertEquals(updater.getLearningRate(2, 2), read.getIUpdater().getLearningRate(2, 2));
        }
    }

    @Test
    void equalWhatHasTheSameSettings() {
        var adam = new TorchAdam(.1);
        assertEquals(adam, adam.clone());
        assertEquals(adam.hashCode(), adam.clone().hashCode());
        assertNotEquals(adam, new TorchAdam(.1, .9, .99, 1e-8));
        assertNotEquals(adam, new TorchAdam(.2));
        var rmsProp = new TorchRmsProp(.1);
        assertEquals(rmsProp, rmsProp.clone());
        assertEquals(rmsProp.hashCode(), rmsProp.clone().hashCode());
        assertNotEquals(rmsProp, new TorchRmsProp(.1, .9, 1e-8));
        assertEquals(
                "TorchRmsProp(learningRate=0.1, alpha=0.99, epsilon=1.0E-8)", rmsProp.toString());
        assertEquals(
                "TorchAdam(learningRate=0.1, beta1=0.9, beta2=0.999, epsilon=1.0E-8)",
                adam.toString());
        assertEquals(new DecoupledDecay(.1), new DecoupledDecay(.1).clone());
    }

    @Test
    void refuseImpossibleSettings() {
        assertMessage("learningRate must be finite and > 0, got 0.0", () -> new TorchRmsProp(0));
        assertMessage("alpha must be in [0, 1), got 1.0", () -> new TorchRmsProp(.1, 1, 1e-8));
        assertMessage(
                "epsilon must be finite and > 0, got NaN",
                () -> new TorchRmsProp(.1, .9, Double.NaN));
        assertMessage("beta1 must be in [0, 1), got -0.1", () -> new TorchAdam(.1, -.1, .9, 1e-8));
        assertMessage("beta2 must be in [0, 1), got 1.0", () -> new TorchAdam(.1, .9, 1, 1e-8));
        assertMessage("decay must be finite and >= 0, got -1.0", () -> new DecoupledDecay(-1));
        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> new TorchAdam(.1).instantiate(Map.of("X", Nd4j.zeros(3)), false));
        assertEquals("updater state must have the keys [M, V], got [X]", error.getMessage());
    }

    private static void assertMessage(String message, Runnable action) {
        var error = assertThrows(IllegalArgumentException.class, action::run);
        assertEquals(message, error.getMessage());
    }
}
