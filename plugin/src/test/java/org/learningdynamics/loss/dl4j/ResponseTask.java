package org.learningdynamics.loss.dl4j;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.LossGraph;
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
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A random batch of responses of different lengths, and networks on it: three pairs, or four
 * labelled rows with two mismatched ones, which are likelier than under the reference.
 */
final class ResponseTask {
    static final int ROWS = 6;
    static final int OWN = 4;
    static final int LENGTH = 5;
    static final int CLASSES = 7;
    static final int FEATURES = 4;
    static final double RATE = 0.3;

    final int[][] ids = new int[ROWS][LENGTH];
    final int[][] labels = new int[ROWS][LENGTH];
    final double[] reference = new double[ROWS];
    final boolean[] desirable = {true, false, false, true};
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
            reference[row] = -2 - 4 * random.nextDouble() - (row < OWN ? 0 : 8);
        }
        features = gaussian(random, 1, ROWS, FEATURES, LENGTH);
    }

    static INDArray gaussian(Random random, double scale, long... shape) {
        double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> scale * random.nextGaussian());
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    /** Every loss by name, and some compositions. */
    static Stream<String> losses() {
        Stream<String> composed =
                Stream.of(
                        "dpo:forward-kl",
                        "dpo+0.2*sft",
                        "dpo+0.3*npo",
                        "sft-sum+0.5*dft",
                        "dpo+0.5*bco",
                        "dpo+0.5*kto",
                        "sft-extended+2*kto");
        return Stream.concat(Losses.names().stream(), composed);
    }

    static boolean needsMismatchedRows(Loss loss) {
        return loss.needs().contains(LossNeed.KL);
    }

    /** Pairs, token ids with labels and reference. */
    DataSet ofIds() {
        return withReference(ResponseBatch.ofPairs(ids, labels).ofIds());
    }

    /** Token ids with labels and reference, as a loss needs them. */
    DataSet ofIds(Loss loss) {
        if (!needsMismatchedRows(loss)) {
            return ofIds();
        }
        boolean labelled = loss.needs().contains(LossNeed.LABELS);
        ResponseBatch batch =
                labelled
                        ? ResponseBatch.ofLabelled(ids, labels, desirable)
                        : ResponseBatch.ofPairs(ids, labels, ROWS - OWN);
        return withReference(batch.ofIds());
    }

    /** Pairs, real-valued features with labels and reference. */
    DataSet ofFeatures(RNNFormat format) {
        return ofFeatures(ofIds(), format);
    }

    /** Real-valued features with labels and reference, as a loss needs them. */
    DataSet ofFeatures(Loss loss, RNNFormat format) {
        return ofFeatures(ofIds(loss), format);
    }

    private DataSet ofFeatures(DataSet made, RNNFormat format) {
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
        private final int own;
        private final SDVariable logProbs;
        private final LossGraph defined;

        /** The running mean reward is of use to bco alone. */
        Head(Loss loss, MultiLayerNetwork network, double rewardShift) {
            own = needsMismatchedRows(loss) ? OWN : ROWS;
            SDVariable w = graph.var("W", network.getParam("0_W").dup('c'));
            SDVariable b = graph.var("b", network.getParam("0_b").dup('c'));
            SDVariable r = graph.constant("r", values(reference, 0, own));
            ResponseLogProbs responses = responses(w, b, 0, own);
            logProbs = responses.logProbs();
            LossInputs inputs = LossInputs.of(responses).withReference(r);
            if (own < ROWS) {
                SDVariable other = graph.constant(values(reference, own, ROWS));
                SDVariable mismatched = responses(w, b, own, ROWS).logProbs();
                inputs =
                        inputs.withDesirable(graph.constant(values(flags(), 0, own)))
                                .withKl(KtoLoss.kl(graph, mismatched, other));
            }
            if (loss.needs().contains(LossNeed.REWARD_SHIFT)) {
                inputs = inputs.withRewardShift(graph.constant(rewardShift));
            }
            defined = loss.define(graph, inputs);
            graph.setTrainingConfig(
                    TrainingConfig.builder()
                            .updater(new Sgd(RATE))
                            .dataSetFeatureMapping("x0", "y0")
                            .markLabelsUnused()
                            .build());
        }

        /** Rows from a first to one before a last; the first ones' arrays are fed. */
        private ResponseLogProbs responses(SDVariable w, SDVariable b, int from, int to) {
            SDVariable x;
            SDVariable y;
            if (from == 0) {
                x = graph.placeHolder("x0", DataType.DOUBLE, -1, FEATURES);
                y = graph.placeHolder("y0", DataType.INT32, -1, -1);
            } else {
                x = graph.constant(inputs(from, to));
                y = graph.constant(targets(from, to));
            }
            return ResponseLogProbs.define(graph, x.mmul(w).add(b), y, CLASSES);
        }

        private double[] flags() {
            double[] flags = new double[OWN];
            Arrays.setAll(flags, row -> desirable[row] ? 1 : 0);
            return flags;
        }

        private INDArray values(double[] rows, int from, int to) {
            return Nd4j.createFromArray(Arrays.copyOfRange(rows, from, to));
        }

        private INDArray inputs(int from, int to) {
            return features.get(NDArrayIndex.interval(from, to))
                    .permute(0, 2, 1)
                    .dup('c')
                    .reshape('c', (long) (to - from) * LENGTH, FEATURES);
        }

        private INDArray targets(int from, int to) {
            return Nd4j.createFromArray(Arrays.copyOfRange(labels, from, to));
        }

        double loss() {
            return value(graph.getVariable(graph.getLossVariables().get(0))).getDouble(0);
        }

        /** By the names of LossMetrics. */
        Map<String, Double> metrics() {
            Map<String, Double> values = new LinkedHashMap<>();
            defined.metrics()
                    .forEach((name, variable) -> values.put(name, value(variable).getDouble(0)));
            return values;
        }

        /** Mean of log-ratios over the loss's own rows (nats). */
        double meanLogRatio() {
            double sum = value(logProbs).sumNumber().doubleValue();
            return (sum - Arrays.stream(reference, 0, own).sum()) / own;
        }

        private INDArray value(SDVariable variable) {
            Map<String, INDArray> feed = Map.of("x0", inputs(0, own), "y0", targets(0, own));
            return graph.output(feed, variable.name()).get(variable.name());
        }

        void fit() {
            graph.fit(
                    new MultiDataSet(
                            new INDArray[] {inputs(0, own), targets(0, own)}, new INDArray[0]));
        }

        INDArray parameter(String name) {
            return graph.getVariable(name).getArr();
        }
    }
}
