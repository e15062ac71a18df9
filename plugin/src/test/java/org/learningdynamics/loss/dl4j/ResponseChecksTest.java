package org.learningdynamics.loss.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.learningdynamics.loss.DpoLoss;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.Loss;
import org.learningdynamics.loss.SftLoss;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Batches that a loss cannot be computed on are refused, and the message names the row. */
class ResponseChecksTest {
    private final ResponseTask task = new ResponseTask(31);

    private static MultiLayerNetwork network(Loss loss) {
        return ResponseTask.network(ResponseTask.sgd(), head(loss));
    }

    private static ResponseOutputLayer head(Loss loss) {
        return ResponseOutputLayer.builder(loss)
                .nIn(ResponseTask.FEATURES)
                .nOut(ResponseTask.CLASSES)
                .build();
    }

    private void assertRefused(Loss loss, String message, Consumer<DataSet> fault) {
        DataSet batch = task.ofFeatures(RNNFormat.NCW);
        MultiLayerNetwork network = network(loss);
        INDArray before = network.params().dup();
        fault.accept(batch);
        String got =
                assertThrows(IllegalArgumentException.class, () -> network.fit(batch)).getMessage();
        assertTrue(got.contains(message), got);
        assertEquals(before, network.params());
    }

    private static void setRows(DataSet batch, int... order) {
        INDArray features = batch.getFeatures().dup();
        INDArray labels = batch.getLabels().dup();
        INDArray mask = batch.getLabelsMaskArray().dup();
        batch.setFeatures(
                Nd4j.create(features.dataType(), order.length, features.size(1), features.size(2)));
        batch.setLabels(
                Nd4j.create(labels.dataType(), order.length, labels.size(1), labels.size(2)));
        batch.setLabelsMaskArray(Nd4j.create(mask.dataType(), order.length, mask.size(1)));
        for (int row = 0; row < order.length; row++) {
            batch.getFeatures().putSlice(row, features.slice(order[row]));
            batch.getLabels().putSlice(row, labels.slice(order[row]));
            batch.getLabelsMaskArray().putRow(row, mask.getRow(order[row]));
        }
    }

    @Test
    void anUnchangedBatchIsAccepted() {
        DataSet batch = task.ofFeatures(RNNFormat.NCW);
        setRows(batch, 0, 1, 2, 3, 4, 5);
        network(new DpoLoss(0.1)).fit(batch);
        DataSet otherOrder = task.ofFeatures(RNNFormat.NCW);
        setRows(otherOrder, 2, 0, 1, 5, 3, 4);
        network(new DpoLoss(0.1)).fit(otherOrder);
    }

    @Test
    void refusesRowsThatAreNoPairs() {
        Loss dpo = new DpoLoss(0.1);
        assertRefused(
                dpo, "must have an even number of rows, got 5", b -> setRows(b, 0, 1, 2, 3, 4));
        assertRefused(
                dpo,
                "rows 1 and 4 must be the chosen and the rejected response of one pair (pair"
                        + " numbers k and -k), got 2.0 and -3.0",
                b -> setRows(b, 0, 1, 2, 3, 5, 4));
        assertRefused(dpo, "rows 0 and 3", b -> setRows(b, 3, 4, 5, 0, 1, 2));
        assertRefused(dpo, "rows 0 and 2", b -> setRows(b, 0, 1, 2, 3));
        assertRefused(dpo, "rows 1 and 4", b -> setRows(b, 0, 3, 1, 3, 0, 4));
    }

    @Test
    void ktoNeedsLabelledAndMismatchedRows() {
        Loss kto = new KtoLoss(0.1, 1, 1);
        String rule =
                "loss kto needs labelled rows (pair numbers other than 0) and mismatched rows, of"
                        + " prompts with other prompts' responses (pair number 0), got ";
        assertRefused(kto, rule + "6 and 0: make the batch with ResponseBatch.of", b -> {});
        assertRefused(kto, rule + "0 and 6", b -> set(b, ResponseLabels.PAIR, 0, 6, 0));
        assertRefused(
                kto,
                "pair number of row 0 must be finite, got NaN",
                b -> {
                    b.setLabels(task.ofFeatures(kto, RNNFormat.NCW).getLabels());
                    set(b, ResponseLabels.PAIR, 0, 1, Double.NaN);
                });
        assertRefused(
                kto,
                "loss kto needs a finite reference log-probability in row 5, got NaN",
                b -> {
                    b.setLabels(task.ofFeatures(kto, RNNFormat.NCW).getLabels());
                    set(b, ResponseLabels.REFERENCE, 5, 6, Double.NaN);
                });
    }

    /** Rows from a first to one before a last. */
    private static void set(DataSet batch, int channel, int from, int to, double value) {
        batch.getLabels()
                .get(
                        NDArrayIndex.interval(from, to),
                        NDArrayIndex.interval(channel, channel + 1),
                        NDArrayIndex.all())
                .assign(value);
    }

    @Test
    void lossesWithoutADivergenceRefuseMismatchedRows() {
        Consumer<DataSet> labelled =
                b ->
                        b.setLabels(
                                task.ofFeatures(new KtoLoss(0.1, 1, 1), RNNFormat.NCW).getLabels());
        String message =
                "loss sft has no use for mismatched rows (pair number 0 beside others), got 2 of"
                        + " 6";
        assertRefused(new SftLoss(), message, labelled);
        assertRefused(new DpoLoss(0.1), "rows 0 and 3 must be the chosen", labelled);
        DataSet batch = task.ofFeatures(new KtoLoss(0.1, 1, 1), RNNFormat.NCW);
        MultiLayerNetwork sft = network(new SftLoss());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> sft.score(batch)).getMessage());
    }

    @Test
    void batchesWithMismatchedRowsAreHeldToTheirNumbers() {
        assertBatchRefused(
                "a labelled batch must have labels for its first rows and mismatched rows behind"
                        + " them, got 6 labels for 6 rows",
                () -> ResponseBatch.ofLabelled(task.ids, task.labels, new boolean[6]));
        assertBatchRefused(
                "got 0 labels for 6 rows", () -> ResponseBatch.ofLabelled(task.ids, task.labels));
        assertBatchRefused(
                "mismatched rows must be in [0, 6), got 6",
                () -> ResponseBatch.ofPairs(task.ids, task.labels, 6));
        assertBatchRefused(
                "mismatched rows must be in [0, 6), got -2",
                () -> ResponseBatch.ofPairs(task.ids, task.labels, -2));
        assertBatchRefused(
                "a batch of pairs must have an even number of rows, got 5",
                () -> ResponseBatch.ofPairs(task.ids, task.labels, 1));
    }

    private static void assertBatchRefused(String message, Executable call) {
        String got = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(got.contains(message), got);
    }

    @Test
    void refusesARowWithoutAResponseToken() {
        assertRefused(
                new SftLoss(),
                "row 4 must have at least one response token, got 0",
                b -> b.getLabelsMaskArray().putRow(4, Nd4j.zeros(ResponseTask.LENGTH)));
    }

    @Test
    void refusesAMaskThatCutsAResponse() {
        int[] last = {0, 0};
        for (int t = 0; t < ResponseTask.LENGTH; t++) {
            for (int row = 0; row < ResponseTask.ROWS; row++) {
                boolean several = task.labels[row][t] >= 0 && t > 0 && task.labels[row][t - 1] >= 0;
                last = several ? new int[] {row, t} : last;
            }
        }
        int[] cut = last;
        assertRefused(
                new DpoLoss(0.1),
                "row " + cut[0] + " must have all its",
                b -> b.getLabelsMaskArray().putScalar(cut, 0));
    }

    @Test
    void refusesAMissingReferenceAndMissingChannels() {
        assertRefused(
                new DpoLoss(0.1),
                "loss dpo needs a finite reference log-probability in row 2, got NaN",
                b ->
                        b.getLabels()
                                .get(
                                        NDArrayIndex.point(2),
                                        NDArrayIndex.point(ResponseLabels.REFERENCE),
                                        NDArrayIndex.all())
                                .assign(Double.NaN));
        Consumer<DataSet> tokensOnly =
                b ->
                        b.setLabels(
                                b.getLabels()
                                        .get(
                                                NDArrayIndex.all(),
                                                NDArrayIndex.interval(0, 1),
                                                NDArrayIndex.all())
                                        .dup('c'));
        assertRefused(new DpoLoss(0.1), "needs labels with 4 channels", tokensOnly);
        DataSet sft = task.ofFeatures(RNNFormat.NCW);
        MultiLayerNetwork whole = network(new SftLoss());
        MultiLayerNetwork tokens = network(new SftLoss());
        whole.fit(task.ofFeatures(RNNFormat.NCW));
        tokensOnly.accept(sft);
        tokens.fit(sft);
        assertEquals(whole.params(), tokens.params());
    }

    @Test
    void refusesTokensOutsideTheVocabularyAndOtherShapes() {
        assertRefused(
                new SftLoss(),
                "must be an integer below 7, got 7.0",
                b -> {
                    b.setLabelsMaskArray(null);
                    b.getLabels().putScalar(new int[] {1, 0, 2}, 7);
                });
        assertRefused(
                new SftLoss(),
                "labels must have shape [6, 1 or 4, 5], got [6, 5]",
                b -> b.setLabels(b.getLabelsMaskArray()));
        assertRefused(
                new SftLoss(),
                "label mask must have shape [6, 5], got [6, 4]",
                b -> b.setLabelsMaskArray(Nd4j.ones(DataType.FLOAT, ResponseTask.ROWS, 4)));
    }

    @Test
    void refusesTruncatedBackpropagation() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(DataType.DOUBLE)
                                .list()
                                .layer(
                                        new LSTM.Builder()
                                                .nIn(ResponseTask.FEATURES)
                                                .nOut(ResponseTask.FEATURES)
                                                .build())
                                .layer(head(new SftLoss()))
                                .backpropType(BackpropType.TruncatedBPTT)
                                .tBPTTLength(2)
                                .build());
        network.init();
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> network.fit(task.ofFeatures(RNNFormat.NCW)))
                        .getMessage();
        assertTrue(message.contains("response token"), message);
    }

    @Test
    void refusesOtherActivationsAndDataTypes() {
        ResponseOutputLayer tanh =
                ResponseOutputLayer.builder(new SftLoss())
                        .nIn(2)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build();
        assertEquals(
                "activation must be softmax or identity, got tanh",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ResponseTask.network(ResponseTask.sgd(), tanh))
                        .getMessage());
        MultiLayerNetwork half =
                new MultiLayerNetwork(
                        ResponseTask.sgd()
                                .dataType(DataType.FLOAT16)
                                .list()
                                .layer(head(new SftLoss()))
                                .build());
        assertEquals(
                "network data type must be FLOAT or DOUBLE, got HALF",
                assertThrows(IllegalArgumentException.class, half::init).getMessage());
    }
}
