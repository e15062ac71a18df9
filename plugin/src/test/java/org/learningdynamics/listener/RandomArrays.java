package org.learningdynamics.listener;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays drawn without ND4J's own generators, and what tests read out of arrays. */
final class RandomArrays {
    private RandomArrays() {}

    static INDArray gaussian(long seed, DataType type, long... shape) {
        double[] values =
                new Random(seed)
                        .doubles(Arrays.stream(shape).reduce(1, (a, b) -> a * b), -1, 1)
                        .toArray();
        return Nd4j.createFromArray(values).reshape(shape).castTo(type);
    }

    static INDArray oneHot(long seed, DataType type, int rows, int classes) {
        Random random = new Random(seed);
        INDArray array = Nd4j.zeros(type, rows, classes);
        for (int i = 0; i < rows; i++) {
            array.putScalar(i, random.nextInt(classes), 1);
        }
        return array;
    }

    static double[] values(List<INDArray> arrays) {
        return arrays.stream()
                .flatMapToDouble(a -> Arrays.stream(a.dup('c').data().asDouble()))
                .toArray();
    }

    /** Naive log softmax at the labels. */
    static double[] logProbs(INDArray logits, int[] classes) {
        double[] result = new double[classes.length];
        for (int i = 0; i < classes.length; i++) {
            double[] z = logits.getRow(i).toDoubleVector();
            double sum = Arrays.stream(z).map(Math::exp).sum();
            result[i] = z[classes[i]] - Math.log(sum);
        }
        return result;
    }
}
