package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The self-check of the first iteration. */
class StartCheckTest {
    private static final DpoLoss DPO = new DpoLoss(.1);

    private static Map<String, Double> good() {
        return new HashMap<>(
                Map.of(
                        "rewards/chosen", 0.0,
                        "rewards/rejected", 0.0,
                        "rewards/margins", 0.0,
                        "loss", (double) (float) Math.log(2)));
    }

    private static List<String> messages(Loss loss, Map<String, Double> metrics) {
        return StartCheck.check(loss, metrics).stream().map(StartCheck.Finding::message).toList();
    }

    @Test
    void rewardsOfZeroAndLossOfLogTwoPass() {
        assertEquals(List.of(), messages(DPO, good()));
    }

    @Test
    void anyRewardIsReported() {
        Map<String, Double> metrics = good();
        metrics.put("rewards/chosen", 1e-9);
        metrics.put("rewards/margins", Double.NaN);
        assertEquals(
                List.of(
                        "rewards/chosen must start at exactly 0.0, got 1.0E-9",
                        "rewards/margins must start at exactly 0.0, got NaN"),
                messages(DPO, metrics));
    }

    @Test
    void anotherLossIsReported() {
        Map<String, Double> metrics = good();
        metrics.put("loss", .7);
        assertEquals(
                List.of("loss must start at within 1.0E-6 of 0.6931471805599453, got 0.7"),
                messages(DPO, metrics));
    }

    @Test
    void whatWasNotRecordedIsReported() {
        Map<String, Double> metrics = good();
        metrics.remove("loss");
        assertEquals(List.of("loss was not recorded at the start"), messages(DPO, metrics));
    }

    @Test
    void ofASumTheRewardsAreChecked() {
        Map<String, Double> metrics = good();
        metrics.put("loss", 3.0);
        metrics.put("rewards/chosen", .5);
        assertEquals(
                List.of("rewards/chosen must start at exactly 0.0, got 0.5"),
                messages(Losses.byName("dpo+sft"), metrics));
    }

    @Test
    void lossesWithoutReferenceHaveNothingToCheck() {
        assertEquals(List.of(), messages(new SftLoss(), Map.of("loss", 3.0)));
        assertEquals(List.of(), messages(new SimpoLoss(2, 1, 0), Map.of("loss", 3.0)));
    }

    @Test
    void aGraphWhosePolicyIsTheReferencePasses() {
        for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
            for (PairwiseLoss loss :
                    List.of(
                            DPO,
                            new CdpoLoss(2, .3),
                            new IpoLoss(.1, IpoLoss.Form.LENGTH_NORMALIZED),
                            new AotLoss(2, .1, AotLoss.Form.PAIRED),
                            new RpoLoss(2, 1, 0),
                            new DpopLoss(2, 50, 0),
                            new ApoDownLoss(2))) {
                assertEquals(List.of(), messages(loss, metricsAtStart(loss, type)));
            }
        }
    }

    private static Map<String, Double> metricsAtStart(PairwiseLoss loss, DataType type) {
        LogitBatch batch = LogitBatch.random(9, 8, 5);
        LogitBatch.Graph graph = batch.graph(loss, type);
        Map<String, INDArray> feed = new HashMap<>(batch.feed(type));
        double[] s = graph.values(graph.responses().logProbs(), feed);
        feed.put(LogitBatch.REFERENCE, Nd4j.createFromArray(s).castTo(type));
        Map<String, Double> metrics = new HashMap<>();
        graph.loss()
                .metrics()
                .forEach((name, variable) -> metrics.put(name, graph.values(variable, feed)[0]));
        return metrics;
    }
}
