package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

class HeavyBallTest {
    private static final double EXACT = 1e-12;

    /** Parameters as PyTorch keeps them. */
    private record Parameters(double[][] weight, double[] bias) {
        /** Weights [in, out] and biases in DL4J's order. */
        INDArray flat() {
            INDArray weights = Nd4j.create(weight).transpose();
            return Nd4j.toFlattened('f', weights, Nd4j.create(bias).reshape(1, bias.length));
        }
    }

    private record Step(double rate, double[][] weight, double[] bias) {
        Parameters parameters() {
            return new Parameters(weight, bias);
        }
    }

    private record Golden(
            int updates_an_epoch,
            int epochs,
            double rate,
            double momentum,
            double weight_decay,
            double[][] features,
            int[] labels,
            Parameters initial,
            List<Step> steps) {
        static Golden load() throws IOException {
            try (InputStream in = HeavyBallTest.class.getResourceAsStream("heavy-ball.json");
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                return new Gson().fromJson(reader, Golden.class);
            }
        }

        IUpdater updater() {
            return new HeavyBall(new CosineSchedule(ScheduleType.EPOCH, rate, epochs), momentum);
        }

        DataSet data() {
            INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, labels.length, 4);
            for (int i = 0; i < labels.length; i++) {
                oneHot.putScalar(i, labels[i], 1);
            }
            return new DataSet(Nd4j.create(features), oneHot);
        }
    }

    private static MultiLayerConfiguration configuration(IUpdater updater, double decay) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .l2(decay)
                .l2Bias(decay)
                .list()
                .layer(
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(3)
                                .nOut(4)
                                .activation(Activation.SOFTMAX)
                                .build())
                .build();
    }

    private static MultiLayerNetwork network(IUpdater updater, double decay) {
        var network = new MultiLayerNetwork(configuration(updater, decay));
        network.init();
        return network;
    }

    @Test
    void takesPyTorchsSteps() throws IOException {
        Golden golden = Golden.load();
        MultiLayerNetwork network = network(golden.updater(), golden.weight_decay());
        network.setParams(golden.initial().flat());
        int done = 0;
        for (Step step : golden.steps()) {
            network.setEpochCount(done++ / golden.updates_an_epoch());
            network.fit(golden.data());
            assertEquals(step.rate(), network.getLearningRate(0), EXACT);
            INDArray expected = step.parameters().flat();
            double distance = network.params().sub(expected).amaxNumber().doubleValue();
            assertTrue(distance < EXACT, "update " + done + " is off by " + distance);
        }
        assertEquals(40, done);
    }

    @Test
    void isTheFormulaStepByStep() {
        var ball = new HeavyBall(new CosineSchedule(ScheduleType.ITERATION, .2, 15), .8);
        INDArray state = Nd4j.create(DataType.DOUBLE, 1, 6);
        GradientUpdater<HeavyBall> updater = ball.instantiate(state, true);
        Random random = new Random(3);
        double[] v = new double[6];
        for (int t = 0; t < 20; t++) {
            double[] g = random.doubles(6, -1, 1).toArray();
            INDArray gradient = Nd4j.create(g, new long[] {2, 3}, 'c');
            updater.applyUpdater(gradient, t, 0);
            double rate = .2 * (1 + Math.cos(Math.PI * Math.min(t, 15) / 15.0)) / 2;
            for (int i = 0; i < 6; i++) {
                v[i] = .8 * v[i] + g[i];
                assertEquals(rate * v[i], gradient.getDouble(i / 3, i % 3), EXACT);
                assertEquals(v[i], state.getDouble(i), EXACT, "the host's own array holds v");
            }
        }
    }

    @Test
    void keepsVelocityByPositionWhateverTheOrderOfTheGradient() {
        var updater = new HeavyBall(1.0, .5).instantiate(Nd4j.zeros(DataType.DOUBLE, 1, 6), true);
        double[] values = {1, 2, 3, 4, 5, 6};
        INDArray rows = Nd4j.create(values, new long[] {2, 3}, 'c');
        INDArray columns = rows.dup('f');
        updater.applyUpdater(rows, 0, 0);
        updater.applyUpdater(columns, 1, 0);
        assertEquals(1.5 * 2, columns.getDouble(0, 1), EXACT);
        assertEquals(1.5 * 4, columns.getDouble(1, 0), EXACT);
    }

    @Test
    void differsFromNesterovOnceThereIsVelocity() throws IOException {
        Golden golden = Golden.load();
        var nesterov =
                network(
                        new org.nd4j.linalg.learning.config.Nesterovs(golden.rate(), .9),
                        golden.weight_decay());
        nesterov.setParams(golden.initial().flat());
        for (int i = 0; i < 3; i++) {
            nesterov.fit(golden.data());
        }
        INDArray expected = golden.steps().get(2).parameters().flat();
        assertTrue(nesterov.params().sub(expected).amaxNumber().doubleValue() > 1e-2);
    }

    @Test
    void trainsASameDiffGraphWithTheSameSteps() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 2);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 3);
        SDVariable w = graph.var("w", Nd4j.zeros(DataType.DOUBLE, 2, 3));
        graph.math.square(x.mmul(w).sub(y)).sum().rename("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new HeavyBall(.05, .9))
                        .dataSetFeatureMapping("x")
                        .dataSetLabelMapping("y")
                        .build());
        double[][] inputs = {{1, 2}, {-1, .5}};
        double[][] targets = {{1, 0, 2}, {3, 1, -1}};
        INDArray features = Nd4j.create(inputs);
        INDArray labels = Nd4j.create(targets);
        INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 3);
        INDArray velocity = expected.dup();
        for (int i = 0; i < 6; i++) {
            INDArray miss = features.mmul(expected).sub(labels);
            velocity.muli(.9).addi(features.transpose().mmul(miss).mul(2));
            expected.subi(velocity.mul(.05));
            graph.fit(new DataSet(features, labels));
        }
        INDArray found = graph.getVariable("w").getArr();
        assertEquals(0, found.sub(expected).amaxNumber().doubleValue(), EXACT);
    }

    @Test
    void isSavedWithTheNetwork(@TempDir Path folder) throws IOException {
        Golden golden = Golden.load();
        MultiLayerNetwork network = network(golden.updater(), golden.weight_decay());
        network.fit(golden.data());
        MultiLayerConfiguration copy =
                MultiLayerConfiguration.fromJson(network.getLayerWiseConfigurations().toJson());
        assertEquals(
                golden.updater(),
                ((OutputLayer) copy.getConf(0).getLayer()).getIUpdater(),
                "the configuration's text");
        File file = folder.resolve("network.zip").toFile();
        network.save(file, true);
        MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);
        for (int i = 0; i < 3; i++) {
            network.fit(golden.data());
            loaded.fit(golden.data());
        }
        assertEquals(network.params(), loaded.params());
    }

    @Test
    void keepsAConstantRateInItsText() {
        IUpdater updater = new HeavyBall(.25, .5);
        String json = configuration(updater, 0).toJson();
        var read = (OutputLayer) MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
        assertEquals(updater, read.getIUpdater());
        assertEquals(.25, read.getIUpdater().getLearningRate(7, 7));
    }

    @Test
    void equalsWhatHasTheSameSettings() {
        var ball = new HeavyBall(.1, .9);
        assertEquals(ball, ball.clone());
        assertEquals(ball.hashCode(), ball.clone().hashCode());
        assertNotEquals(ball, new HeavyBall(.1, .8));
        assertNotEquals(ball, new HeavyBall(.2, .9));
        assertNotEquals(ball, new HeavyBall(new CosineSchedule(ScheduleType.EPOCH, .1, 3), .9));
        ball.setLrAndSchedule(.3, null);
        assertEquals("HeavyBall(learningRate=0.3, momentum=0.9)", ball.toString());
    }

    @Test
    void refusesImpossibleSettings() {
        assertMessage("learningRate must be > 0, got 0.0", () -> new HeavyBall(0, .9));
        assertMessage("learningRate must be > 0, got NaN", () -> new HeavyBall(Double.NaN, .9));
        assertMessage("momentum must be in [0, 1), got 1.0", () -> new HeavyBall(.1, 1));
        assertMessage("momentum must be in [0, 1), got -0.1", () -> new HeavyBall(.1, -.1));
        assertMessage(
                "peak must be > 0, got -1.0", () -> new CosineSchedule(ScheduleType.EPOCH, -1, 3));
        assertMessage(
                "length must be >= 1, got 0", () -> new CosineSchedule(ScheduleType.EPOCH, 1, 0));
    }

    private static void assertMessage(String message, Runnable action) {
        var error = assertThrows(IllegalArgumentException.class, action::run);
        assertEquals(message, error.getMessage());
    }

    @Test
    void refusesAForeignState() {
        Map<String, INDArray> foreign = Map.of("M", Nd4j.zeros(3));
        var ball = new HeavyBall(.1, .9);
        var error =
                assertThrows(IllegalStateException.class, () -> ball.instantiate(foreign, false));
        assertEquals("updater state must have the key \"V\" alone, got [M]", error.getMessage());
    }
}
