package org.learningdynamics.it.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.samples.digits.DigitImages;
import org.learningdynamics.samples.digits.RenderedDigits;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A perceptron with one layer of tanh units that learns rendered digits by plain gradient descent,
 * always from the same start and in the same order, whatever examples are left out. An epoch is the
 * epoch's order of all examples without those left out, cut into batches anew.
 */
final class DigitTraining {
    private final Plan plan;
    private final DigitImages images;
    private final int[] labels; // [N], as learnt

    /**
     * How it is trained.
     *
     * @param examples N
     * @param hidden tanh units
     * @param epochs passes over the examples
     * @param batchSize examples an update; the last batch of an epoch may be smaller
     * @param rate learning rate
     * @param seed decides images, initial weights and orders
     */
    record Plan(int examples, int hidden, int epochs, int batchSize, double rate, long seed) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d examples, %d-%d-%d perceptron, %d epochs, batches of %d, rate %s",
                    examples,
                    DigitImages.PIXELS,
                    hidden,
                    DigitImages.CLASSES,
                    epochs,
                    batchSize,
                    rate);
        }
    }

    /**
     * Takes labels as given.
     *
     * @param plan how
     * @param images what is learnt // [N]
     * @param labels as what // [N]
     */
    DigitTraining(Plan plan, DigitImages images, int[] labels) {
        this.plan = plan;
        this.images = images;
        this.labels = labels.clone();
    }

    static DigitTraining of(Plan plan) {
        DigitImages images =
                RenderedDigits.render(RenderedDigits.Split.TRAIN, plan.examples(), plan.seed());
        return new DigitTraining(plan, images, images.labels());
    }

    Plan plan() {
        return plan;
    }

    int[] labels() {
        return labels.clone();
    }

    BitSet all() {
        BitSet all = new BitSet();
        all.set(0, plan.examples());
        return all;
    }

    /** The network before the first update. */
    MultiLayerNetwork start() {
        DenseLayer hidden =
                new DenseLayer.Builder()
                        .nIn(DigitImages.PIXELS)
                        .nOut(plan.hidden())
                        .activation(Activation.TANH)
                        .build();
        OutputLayer output =
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(plan.hidden())
                        .nOut(DigitImages.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build();
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(plan.seed())
                                .weightInit(WeightInit.XAVIER)
                                .updater(new Sgd(plan.rate()))
                                .list()
                                .layer(hidden)
                                .layer(output)
                                .build());
        network.init();
        return network;
    }

    /** A network that learnt some of the examples. */
    MultiLayerNetwork train(BitSet kept) {
        MultiLayerNetwork network = start();
        train(network, kept, batch -> {}, () -> {});
        return network;
    }

    /**
     * Trains.
     *
     * @param network learns
     * @param kept what it learns
     * @param beforeUpdate gets the examples of the next batch
     * @param afterEpoch runs after each epoch
     */
    void train(
            MultiLayerNetwork network,
            BitSet kept,
            Consumer<int[]> beforeUpdate,
            Runnable afterEpoch) {
        for (int epoch = 0; epoch < plan.epochs(); epoch++) {
            for (int[] batch : batches(epoch, kept)) {
                beforeUpdate.accept(batch);
                network.fit(dataSet(batch));
            }
            afterEpoch.run();
        }
    }

    private List<int[]> batches(int epoch, BitSet kept) {
        List<Integer> everything = IntStream.range(0, plan.examples()).boxed().toList();
        int[] order =
                Shuffle.copy(everything, Shuffle.random(plan.seed(), epoch)).stream()
                        .mapToInt(Integer::intValue)
                        .filter(kept::get)
                        .toArray();
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += plan.batchSize()) {
            int to = Math.min(order.length, from + plan.batchSize());
            batches.add(Arrays.copyOfRange(order, from, to));
        }
        return batches;
    }

    /** Some examples with the labels that are learnt. */
    DataSet dataSet(int... examples) {
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, examples.length, DigitImages.CLASSES);
        for (int row = 0; row < examples.length; row++) {
            oneHot.putScalar(row, labels[examples[row]], 1);
        }
        return new DataSet(images.select(examples).features(), oneHot);
    }
}
