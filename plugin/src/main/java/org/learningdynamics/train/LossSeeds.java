package org.learningdynamics.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.data.DataException;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.measure.Likelihood;
import org.learningdynamics.measure.LikelihoodMeasures;
import org.learningdynamics.measure.ResponseScores;
import org.learningdynamics.measure.TokenScores;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients at the logits of the losses of single examples: {@code G_t = −c_t·(π_t − e_y)} with the
 * loss's own coefficients of the batch that holds this example alone. Float64 throughout.
 */
final class LossSeeds {
    private final Loss loss;
    private final Path model;

    /** Of a loss; the model's file stands in messages. */
    LossSeeds(Loss loss, Path model) {
        this.loss = loss;
        this.model = model;
    }

    /**
     * Seeds of a block: all first responses, then all second ones.
     *
     * @param logits // [rows·T, V]
     * @param labels // [rows][T]
     * @param items the examples
     * @param reference log-probabilities under the reference (nats) // [examples][responses]
     * @return ∂ℓ/∂z in the type of the logits, 0 where there is no label // [rows·T, V]
     * @throws DataException if a response's log-probability is not finite
     */
    INDArray of(INDArray logits, int[][] labels, List<TrainingItem> items, double[][] reference) {
        List<Likelihood> rows = LikelihoodMeasures.measureFlat(logits, labels);
        for (int row = 0; row < rows.size(); row++) {
            requireFinite(items.get(row % items.size()), rows.get(row).logProb());
        }
        return seeds(logits, labels, coefficients(rows, reference));
    }

    private void requireFinite(TrainingItem item, double logProb) {
        if (!Double.isFinite(logProb)) {
            throw new DataException(
                    model
                            + ": must give finite log-probabilities, gives example "
                            + item.example()
                            + " "
                            + logProb);
        }
    }

    /** Coefficients of every row's tokens // [rows][tokens of the row]. */
    private double[][] coefficients(List<Likelihood> rows, double[][] reference) {
        double[][] coefficients = new double[rows.size()][];
        int examples = reference.length;
        for (int e = 0; e < examples; e++) {
            List<double[]> own = new ArrayList<>();
            for (int row = e; row < rows.size(); row += examples) {
                own.add(rows.get(row).tokenLogProbs());
            }
            TokenScores tokens = TokenScores.unweighted(own.toArray(double[][]::new));
            double[][] found =
                    loss.tokenCoefficients(ResponseScores.ofTokens(tokens, reference[e]));
            for (int k = 0; k < found.length; k++) {
                coefficients[e + k * examples] = found[k];
            }
        }
        return coefficients;
    }

    private static INDArray seeds(INDArray logits, int[][] labels, double[][] coefficients) {
        double[] weights = new double[(int) logits.size(0)];
        int length = labels[0].length;
        for (int row = 0; row < labels.length; row++) {
            for (int t = 0, token = 0; t < length; t++) {
                if (labels[row][t] >= 0) {
                    weights[row * length + t] = coefficients[row][token++];
                }
            }
        }
        INDArray seeds = softmax(logits);
        try (INDArray column = Nd4j.createFromArray(weights)) {
            seeds.muliColumnVector(column.reshape(weights.length, 1)).negi();
        }
        for (int i = 0; i < weights.length; i++) {
            int label = labels[i / length][i % length];
            if (label >= 0) {
                seeds.putScalar(i, label, seeds.getDouble(i, label) + weights[i]);
            }
        }
        return inTypeOf(logits, seeds);
    }

    private static INDArray softmax(INDArray logits) {
        try (INDArray exact = logits.castTo(DataType.DOUBLE).dup('c');
                INDArray max = exact.max(true, 1);
                INDArray shifted = exact.sub(max)) {
            return Nd4j.nn().softmax(shifted, 1);
        }
    }

    private static INDArray inTypeOf(INDArray logits, INDArray seeds) {
        if (logits.dataType() == DataType.DOUBLE) {
            return seeds;
        }
        try (seeds) {
            return seeds.castTo(logits.dataType());
        }
    }
}
