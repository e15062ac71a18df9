package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** SameDiff.fit on the losses: one step of gradient descent is what the coefficients say. */
class LossTrainingTest {
    private static final double RATE = .05;

    static Stream<String> losses() {
        return Stream.concat(
                Losses.names().stream(), Stream.of("dpo:forward-kl", "dpo+0.2*bco+sft+npo+kto"));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void oneStepOfFitMovesTheWeightsByTheGradient(String name) {
        Loss loss = Losses.byName(name);
        LogitBatch batch = LogitBatch.random(77, 4, 3);
        INDArray inputs = inputs(batch.logits.size(0));
        SameDiff graph = SameDiff.create();
        SDVariable weights = graph.var("w", Nd4j.zeros(DataType.DOUBLE, 5, LogitBatch.CLASSES));
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 5);
        SDVariable labels = graph.placeHolder("y", DataType.INT32, -1, -1);
        SDVariable reference = graph.placeHolder("r", DataType.DOUBLE, -1);
        ResponseLogProbs responses =
                ResponseLogProbs.define(graph, x.mmul(weights), labels, LogitBatch.CLASSES);
        LossInputs rows = LossInputs.of(responses).withReference(reference);
        LossGraph defined = loss.define(graph, withConstants(graph, rows));
        graph.setTrainingConfig(config());
        INDArray[] features = {
            inputs, Nd4j.createFromArray(batch.labels), Nd4j.createFromArray(batch.reference)
        };
        INDArray before = weights.getArr().dup();
        INDArray gradient = graph.calculateGradients(feed(features), "w").get("w").dup();
        graph.fit(new MultiDataSet(features, new INDArray[0]));
        INDArray moved = before.sub(weights.getArr());
        assertTrue(moved.norm2Number().doubleValue() > 1e-4, "the weights moved");
        assertEquals(0, moved.distance2(gradient.mul(RATE)), 1e-14);
        assertEquals(List.of(defined.loss().name()), graph.getLossVariables());
    }

    private static LossInputs withConstants(SameDiff graph, LossInputs inputs) {
        return inputs.withDesirable(graph.constant(Nd4j.createFromArray(1.0, 0, 0, 1)))
                .withKl(graph.constant(Nd4j.scalar(.1)))
                .withRewardShift(graph.constant(Nd4j.scalar(-.2)));
    }

    private static Map<String, INDArray> feed(INDArray[] features) {
        return Map.of("x", features[0], "y", features[1], "r", features[2]);
    }

    private static TrainingConfig config() {
        return TrainingConfig.builder()
                .updater(new Sgd(RATE))
                .dataSetFeatureMapping("x", "y", "r")
                .markLabelsUnused()
                .build();
    }

    private static INDArray inputs(long positions) {
        Random random = new Random(78);
        double[][] inputs = new double[(int) positions][5];
        for (double[] row : inputs) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return Nd4j.createFromArray(inputs);
    }
}
