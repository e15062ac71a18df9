package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A random batch of logits with labels and reference, and graphs over it whose logits are a
 * trainable variable.
 */
final class LogitBatch {
    static final int CLASSES = 5;
    static final String LOGITS = "logits";
    static final String LABELS = "labels";
    static final String REFERENCE = "reference";
    static final String DESIRABLE = "desirable";
    static final double KL = .3;
    static final double REWARD_SHIFT = .2;

    final INDArray logits; // [rows·length, V]
    final int[][] labels; // [rows][length]
    final double[] reference; // [rows]
    final boolean[] desirable; // [rows], the first half

    LogitBatch(INDArray logits, int[][] labels, double[] reference) {
        this.logits = logits;
        this.labels = labels;
        this.reference = reference;
        desirable = new boolean[labels.length];
        Arrays.fill(desirable, 0, labels.length / 2, true);
    }

    LogitBatch withLogits(INDArray other) {
        return new LogitBatch(other, labels, reference);
    }

    static LogitBatch random(long seed, int rows, int length) {
        Random random = new Random(seed);
        double[][] logits = new double[rows * length][CLASSES];
        for (double[] position : logits) {
            Arrays.setAll(position, v -> 2 * random.nextGaussian());
        }
        int[][] labels = new int[rows][length];
        double[] reference = new double[rows];
        for (int row = 0; row < rows; row++) {
            Arrays.setAll(labels[row], t -> random.nextBoolean() ? -100 : random.nextInt(CLASSES));
            labels[row][random.nextInt(length)] = random.nextInt(CLASSES);
            reference[row] = -2 - 4 * random.nextDouble();
        }
        return new LogitBatch(Nd4j.createFromArray(logits), labels, reference);
    }

    /** Scores, as the measures (not the graph) see them. */
    ResponseScores scores() {
        List<Likelihood> rows = LikelihoodMeasures.measureFlat(logits, labels);
        double[][] tokens = rows.stream().map(Likelihood::tokenLogProbs).toArray(double[][]::new);
        return ResponseScores.ofTokens(TokenScores.unweighted(tokens), reference)
                .withDesirable(desirable)
                .withKl(KL)
                .withRewardShift(REWARD_SHIFT);
    }

    Graph graph(Loss loss, DataType type) {
        SameDiff graph = SameDiff.create();
        SDVariable variable = graph.var(LOGITS, logits.castTo(type).dup());
        return graph(loss, type, graph, variable);
    }

    private static Graph graph(Loss loss, DataType type, SameDiff graph, SDVariable variable) {
        SDVariable labels = graph.placeHolder(LABELS, DataType.INT32, -1, -1);
        SDVariable reference = graph.placeHolder(REFERENCE, type, -1);
        ResponseLogProbs responses = ResponseLogProbs.define(graph, variable, labels, CLASSES);
        LossInputs inputs =
                LossInputs.of(responses)
                        .withReference(reference)
                        .withDesirable(graph.placeHolder(DESIRABLE, type, -1))
                        .withKl(graph.constant(Nd4j.scalar(type, KL)))
                        .withRewardShift(graph.constant(Nd4j.scalar(type, REWARD_SHIFT)));
        return new Graph(graph, responses, loss.define(graph, inputs));
    }

    /** A graph whose logits are fed, so that their shape is known at run time only. */
    static Graph feedableGraph(Loss loss, DataType type) {
        SameDiff graph = SameDiff.create();
        SDVariable variable = graph.placeHolder(LOGITS, type, -1, CLASSES);
        return graph(loss, type, graph, variable);
    }

    Map<String, INDArray> feed(DataType type) {
        double[] flags = new double[desirable.length];
        Arrays.setAll(flags, row -> desirable[row] ? 1 : 0);
        return Map.of(
                LABELS,
                Nd4j.createFromArray(labels),
                REFERENCE,
                Nd4j.createFromArray(reference).castTo(type),
                DESIRABLE,
                Nd4j.createFromArray(flags).castTo(type));
    }

    Map<String, INDArray> feedWithLogits(DataType type) {
        Map<String, INDArray> all = new HashMap<>(feed(type));
        all.put(LOGITS, logits.castTo(type));
        return all;
    }

    /** A graph with its loss. */
    record Graph(SameDiff graph, ResponseLogProbs responses, LossGraph loss) {
        /** Takes over the logits of a batch of the same shape. */
        Graph with(LogitBatch batch) {
            graph.getVariable(LOGITS).getArr().assign(batch.logits);
            return this;
        }

        double[] values(SDVariable variable, Map<String, INDArray> feed) {
            INDArray array = graph.output(feed, variable.name()).get(variable.name());
            return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        }

        double loss(Map<String, INDArray> feed) {
            return values(loss.loss(), feed)[0];
        }

        INDArray gradient(Map<String, INDArray> feed) {
            return graph.calculateGradients(feed, LOGITS).get(LOGITS);
        }
    }
}
