package org.learningdynamics.listener;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
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

    /** Log of probabilities [N, V], or [N, V, T] at the last position that the mask leaves. */
    static double[] logsAt(INDArray probabilities, INDArray mask, int[] classes) {
        double[] result = new double[classes.length];
        for (int i = 0; i < classes.length; i++) {
            if (probabilities.rank() == 2) {
                result[i] = Math.log(probabilities.getDouble(i, classes[i]));
            } else {
                long length =
                        mask == null
                                ? probabilities.size(2)
                                : mask.getRow(i).sumNumber().longValue();
                result[i] = Math.log(probabilities.getDouble(i, classes[i], length - 1));
            }
        }
        return result;
    }

    /** Features with one-hot labels. */
    static DataSet classes(long seed, DataType type, int rows, int classes, long... shape) {
        long[] full = new long[shape.length + 1];
        full[0] = rows;
        System.arraycopy(shape, 0, full, 1, shape.length);
        return new DataSet(gaussian(seed, type, full), oneHot(seed + 1000, type, rows, classes));
    }

    /** Sequences of different lengths with a label at every position; right-padded. */
    static DataSet sequences(
            long seed, DataType type, int rows, int classes, int features, int length) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(type, rows, classes, length);
        INDArray mask = Nd4j.zeros(type, rows, length);
        for (int i = 0; i < rows; i++) {
            int own = i == 0 ? length : 1 + random.nextInt(length);
            for (int t = 0; t < own; t++) {
                labels.putScalar(i, random.nextInt(classes), t, 1);
                mask.putScalar(i, t, 1);
            }
        }
        INDArray x = gaussian(seed, type, rows, features, length);
        return new DataSet(x, labels, mask, mask.dup());
    }
}
