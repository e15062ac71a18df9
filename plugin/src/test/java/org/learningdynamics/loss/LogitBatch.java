package org.learningdynamics.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.measure.ResponseScores;
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

    final INDArray logits; // [rows·length, V]
    final int[][] labels; // [rows][length]
    final double[] reference; // [rows]

    private LogitBatch(INDArray logits, int[][] labels, double[] reference) {
        this.logits = logits;
        this.labels = labels;
        this.reference = reference;
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
        return new ResponseScores(
                rows.stream().mapToDouble(Likelihood::logProb).toArray(),
                reference,
                rows.stream().mapToInt(Likelihood::tokens).toArray());
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
        LossInputs inputs = LossInputs.of(responses).withReference(reference);
        return new Graph(graph, responses, loss.define(graph, inputs));
    }

    /** A graph whose logits are fed, so that their shape is known at run time only. */
    static Graph feedableGraph(Loss loss, DataType type) {
        SameDiff graph = SameDiff.create();
        SDVariable variable = graph.placeHolder(LOGITS, type, -1, CLASSES);
        return graph(loss, type, graph, variable);
    }

    Map<String, INDArray> feed(DataType type) {
        return Map.of(
                LABELS,
                Nd4j.createFromArray(labels),
                REFERENCE,
                Nd4j.createFromArray(reference).castTo(type));
    }

    Map<String, INDArray> feedWithLogits(DataType type) {
        return Map.of(
                LABELS,
                Nd4j.createFromArray(labels),
                REFERENCE,
                Nd4j.createFromArray(reference).castTo(type),
                LOGITS,
                logits.castTo(type));
    }

    /** A graph with its loss. */
    record Graph(SameDiff graph, ResponseLogProbs responses, LossGraph loss) {
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
