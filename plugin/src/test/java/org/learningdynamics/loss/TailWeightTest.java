package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Length-desensitised log-probabilities. */
class TailWeightTest {
    @Test
    void tokensBeyondTheOtherResponseWeighLess() {
        double[][] weights = new TailWeight(.3).weights(new int[] {4, 1, 2, 3});
        assertArrayEquals(new double[] {1, 1, .3, .3}, weights[0]);
        assertArrayEquals(new double[] {1}, weights[1]);
        assertArrayEquals(new double[] {1, 1}, weights[2]);
        assertArrayEquals(new double[] {1, .3, .3}, weights[3]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void graphsEqualTheNumbersInValueAndGradient(int length) {
        TailWeight tail = new TailWeight(.3);
        LogitBatch batch = LogitBatch.random(90 + length, 6, length);
        ResponseScores plain = batch.scores();
        TokenScores tokens =
                new TokenScores(
                        plain.tokenScores().orElseThrow().logProbs(), tail.weights(plain.tokens()));
        ResponseScores weighted = ResponseScores.ofTokens(tokens, batch.reference);
        for (Loss loss : new Loss[] {new DpoLoss(.5), new DftLoss(), new SimpoLoss(2, 1, 0)}) {
            SameDiff graph = SameDiff.create();
            SDVariable logits = graph.var("z", batch.logits.dup());
            SDVariable labels = graph.constant(Nd4j.createFromArray(batch.labels));
            SDVariable reference = graph.constant(Nd4j.createFromArray(batch.reference));
            ResponseLogProbs responses =
                    ResponseLogProbs.define(graph, logits, labels, LogitBatch.CLASSES);
            LossInputs inputs = LossInputs.of(tail.define(graph, responses));
            LossGraph defined = loss.define(graph, inputs.withReference(reference));
            assertEquals(loss.value(weighted), defined.loss().eval().getDouble(), 1e-12);
            INDArray gradient = graph.calculateGradients(Map.of(), "z").get("z");
            assertGradient(batch, loss.tokenCoefficients(weighted), gradient);
        }
    }

    /** At the label, the residual is −c·(π − 1). */
    private static void assertGradient(LogitBatch batch, double[][] c, INDArray gradient) {
        INDArray softmax = Nd4j.nn().softmax(batch.logits, 1);
        for (int row = 0; row < batch.labels.length; row++) {
            int token = 0;
            for (int t = 0; t < batch.labels[row].length; t++) {
                int label = batch.labels[row][t];
                if (label >= 0) {
                    long position = (long) row * batch.labels[row].length + t;
                    double residual = c[row][token++] * (1 - softmax.getDouble(position, label));
                    assertEquals(residual, gradient.getDouble(position, label), 1e-12);
                }
            }
        }
    }

    @Test
    void fullWeightChangesNothing() {
        LogitBatch batch = LogitBatch.random(91, 4, 5);
        SameDiff graph = SameDiff.create();
        SDVariable logits = graph.var("z", batch.logits.castTo(DataType.DOUBLE).dup());
        SDVariable labels = graph.constant(Nd4j.createFromArray(batch.labels));
        ResponseLogProbs plain = ResponseLogProbs.define(graph, logits, labels, LogitBatch.CLASSES);
        ResponseLogProbs weighted = new TailWeight(1).define(graph, plain);
        assertEquals(plain.logProbs().eval(), weighted.logProbs().eval());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-.1, 1.1, Double.NaN})
    void refusesWeightsOutsideTheRange(double alpha) {
        assertEquals(
                "ld_alpha must be in [0, 1], got " + alpha,
                assertThrows(IllegalArgumentException.class, () -> new TailWeight(alpha))
                        .getMessage());
    }
}
