package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.LossNeed;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** A random batch of three pairs of responses of different lengths, and networks on it. */
final class ResponseTask {
    static final int ROWS = 6;
    static final int LENGTH = 5;
    static final int CLASSES = 7;
    static final int FEATURES = 4;
    static final double RATE = 0.3;

    final int[][] ids = new int[ROWS][LENGTH];
    final int[][] labels = new int[ROWS][LENGTH];
    final double[] reference = new double[ROWS];
    final INDArray features; // [ROWS, FEATURES, LENGTH]

    ResponseTask(long seed) {
        Random random = new Random(seed);
        for (int row = 0; row < ROWS; row++) {
            int first = random.nextInt(3);
            int end = first + 1 + random.nextInt(LENGTH - first);
            for (int t = 0; t < LENGTH; t++) {
                ids[row][t] = random.nextInt(CLASSES);
                labels[row][t] = t < first || t >= end ? -100 : random.nextInt(CLASSES);
            }
            reference[row] = -2 - 4 * random.nextDouble();
        }
        features = gaussian(random, 1, ROWS, FEATURES, LENGTH);
    }

    static INDArray gaussian(Random random, double scale, long... shape) {
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> scale * random.nextGaussian());
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    /** Every loss by name that needs no constant from outside the batch, and some compositions. */
    static Stream<String> losses() {
        Stream<String> composed =
                Stream.of("dpo:forward-kl", "dpo+0.2*sft", "dpo+0.3*npo", "sft-sum+0.5*dft");
        return Stream.concat(Losses.names().stream(), composed)
                .filter(
                        name -> {
                            Set<LossNeed> needs = Losses.byName(name).needs();
                            return !needs.contains(LossNeed.KL)
                                    && !needs.contains(LossNeed.REWARD_SHIFT);
                        });
    }

    /** Token ids with labels and reference. */
    DataSet ofIds() {
        return withReference(ResponseBatch.ofPairs(ids, labels).ofIds());
    }

    /** Real-valued features with labels and reference. */
    DataSet ofFeatures(RNNFormat format) {
        DataSet made = withReference(ResponseBatch.ofPairs(ids, labels).ofIds());
        boolean last = format == RNNFormat.NWC;
        return new DataSet(
                last ? features.permute(0, 2, 1).dup('c') : features.dup('c'),
                last ? made.getLabels().permute(0, 2, 1).dup('c') : made.getLabels(),
                null,
                made.getLabelsMaskArray());
    }

    private DataSet withReference(DataSet batch) {
        for (int row = 0; row < ROWS; row++) {
            for (int t = 0; t < LENGTH; t++) {
                batch.getLabels()
                        .putScalar(new int[] {row, ResponseLabels.REFERENCE, t}, reference[row]);
            }
        }
        return batch;
    }

    /** A network of one layer, in float64 with plain gradient descent. */
    static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings, Layer layer) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        settings.dataType(DataType.DOUBLE).list().layer(layer).build());
        network.init();
        return network;
    }

    static NeuralNetConfiguration.Builder sgd() {
        return new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(RATE));
    }

    /** A head in SameDiff with the parameters of a network's last layer. */
    final class Head {
        private final SameDiff graph = SameDiff.create();

        Head(Loss loss, MultiLayerNetwork network) {
            SDVariable w = graph.var("W", network.getParam("0_W").dup('c'));
            SDVariable b = graph.var("b", network.getParam("0_b").dup('c'));
            SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, FEATURES);
            SDVariable y = graph.placeHolder("y", DataType.INT32, -1, -1);
            SDVariable r = graph.placeHolder("r", DataType.DOUBLE, -1);
            SDVariable logits = x.mmul(w).add(b);
            ResponseLogProbs responses = ResponseLogProbs.define(graph, logits, y, CLASSES);
            loss.define(graph, LossInputs.of(responses).withReference(r));
            graph.setTrainingConfig(
                    TrainingConfig.builder()
                            .updater(new Sgd(RATE))
                            .dataSetFeatureMapping("x", "y", "r")
                            .markLabelsUnused()
                            .build());
        }

        double loss() {
            String name = graph.getLossVariables().get(0);
            Map<String, INDArray> feed = Map.of("x", feed()[0], "y", feed()[1], "r", feed()[2]);
            return graph.output(feed, name).get(name).getDouble(0);
        }

        void fit() {
            graph.fit(new MultiDataSet(feed(), new INDArray[0]));
        }

        INDArray parameter(String name) {
            return graph.getVariable(name).getArr();
        }

        private INDArray[] feed() {
            return new INDArray[] {
                features.permute(0, 2, 1).dup('c').reshape('c', ROWS * LENGTH, FEATURES),
                Nd4j.createFromArray(labels),
                Nd4j.createFromArray(reference)
            };
        }
    }
}
