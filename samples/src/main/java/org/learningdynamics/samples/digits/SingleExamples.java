package org.learningdynamics.samples.digits;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What learning one example of a class does to the images of every class: one plain gradient step
 * on one image, taken back before the next.
 *
 * <p>{@code change[u][o]} is the mean of {@code Δ log π(u|x_o)} over the examples of class u that
 * are learnt and the watched images x_o of class o: how much seeing a u makes o's be taken for u
 * (nats).
 */
final class SingleExamples {
    private final MultiLayerNetwork network;
    private final DigitImages watched;
    private final INDArray features;
    private final INDArray start;
    private final INDArray before; // log π // [N, classes]

    /**
     * Copies a network as it is.
     *
     * @param trained stays as it is
     * @param watched the images to look at
     */
    SingleExamples(MultiLayerNetwork trained, DigitImages watched) {
        this.network = trained.clone();
        this.watched = watched;
        this.features = watched.features();
        this.start = network.params().dup();
        this.before = logProbs();
    }

    private INDArray logProbs() {
        return Transforms.log(network.output(features), false);
    }

    /**
     * Learns examples one at a time.
     *
     * @param examples the first {@code perClass} of each class are learnt
     * @param perClass at least 1
     * @param rate learning rate of the step
     * @return mean changes // [learnt class][observed class], nats
     */
    double[][] changes(DigitImages examples, int perClass, double rate) {
        double[][] changes = new double[DigitImages.CLASSES][DigitImages.CLASSES];
        for (int u = 0; u < changes.length; u++) {
            int[] own = examples.ofClass(u);
            int count = Math.min(perClass, own.length);
            for (int i = 0; i < count; i++) {
                add(changes[u], u, after(examples.select(own[i]).dataSet(), rate), 1.0 / count);
            }
        }
        return changes;
    }

    private INDArray after(DataSet example, double rate) {
        network.setInput(example.getFeatures());
        network.setLabels(example.getLabels());
        network.computeGradientAndScore();
        network.params().subi(network.gradient().gradient().mul(rate));
        INDArray after = logProbs();
        network.params().assign(start);
        return after;
    }

    private void add(double[] row, int learnt, INDArray after, double weight) {
        for (int o = 0; o < row.length; o++) {
            int[] images = watched.ofClass(o);
            for (int image : images) {
                double change = after.getDouble(image, learnt) - before.getDouble(image, learnt);
                row[o] += weight * change / images.length;
            }
        }
    }
}
