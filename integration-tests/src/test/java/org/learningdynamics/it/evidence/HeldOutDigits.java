package org.learningdynamics.it.evidence;

import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.samples.digits.DigitImages;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Digits that nobody learns, as probes of their own class; as many of each class as of the others.
 *
 * @param features the images // [N, PIXELS]
 * @param labels their digits // [N]
 */
record HeldOutDigits(INDArray features, int[] labels) {
    static HeldOutDigits of(int count, long seed) {
        DigitImages images = RenderedDigits.render(RenderedDigits.Split.TEST, count, seed);
        return new HeldOutDigits(images.features(), images.labels());
    }

    HeldOutDigits inDouble() {
        return new HeldOutDigits(features.castTo(DataType.DOUBLE), labels);
    }

    int size() {
        return labels.length;
    }

    ClassProbes probes() {
        return ClassProbes.builder(features).labels(labels).build();
    }

    /** Log-probability of each image's own digit (nats). */
    double[] logProbs(MultiLayerNetwork network) {
        INDArray output = network.output(features);
        double[] logs = new double[labels.length];
        Arrays.setAll(logs, i -> Math.log(output.getDouble(i, labels[i])));
        return logs;
    }

    /** Share of images whose own digit is the likeliest. */
    double accuracy(MultiLayerNetwork network) {
        int[] likeliest = network.output(features).argMax(1).toIntVector();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += likeliest[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }
}
