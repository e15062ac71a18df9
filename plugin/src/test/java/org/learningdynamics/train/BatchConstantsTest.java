package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.loss.BcoLoss;
import org.learningdynamics.loss.KtoLoss;
import org.learningdynamics.loss.NpoLoss;
import org.learningdynamics.loss.RewardShift;
import org.learningdynamics.measure.ResponseScores;
import org.nd4j.linalg.api.buffer.DataType;

/** What training feeds to losses that need more than log-probabilities. */
class BatchConstantsTest {
    private final DecoderModel start = TinyTask.model(DataType.DOUBLE);

    /** The losses of some updates on all data at once; the model is then as after the last. */
    private static double[] train(DecoderModel model, TrainingMethod method, int updates) {
        TrainingData data = TinyTask.data(method);
        TrainingOptions options =
                TrainingOptions.builder(method)
                        .updates(updates)
                        .batchSize(data.size())
                        .learningRate(0.01)
                        .build();
        return TrainingRun.builder(model, data, options).build().run().losses();
    }

    private DecoderModel after(TrainingMethod method, int updates) {
        DecoderModel model = start.copy();
        train(model, method, updates);
        return model;
    }

    /** Scores of the responses at an index of all items. */
    private ResponseScores scores(DecoderModel model, TrainingMethod method, int... indices) {
        List<EncodedResponse> rows = new ArrayList<>();
        for (int index : indices) {
            TinyTask.data(method).items().forEach(item -> rows.add(item.responses().get(index)));
        }
        return new ResponseScores(
                new ResponseScorer(model).logProbs(rows),
                new ResponseScorer(start).logProbs(rows),
                rows.stream().mapToInt(EncodedResponse::responseLength).toArray());
    }

    @Test
    void bcoComparesWithTheMeanRewardOfEarlierBatches() {
        double[] losses = train(start.copy(), TrainingMethod.BCO, 3);
        assertEquals(2 * Math.log(2), losses[0], 1e-12);
        ResponseScores one = scores(after(TrainingMethod.BCO, 1), TrainingMethod.BCO, 0, 1);
        ResponseScores two = scores(after(TrainingMethod.BCO, 2), TrainingMethod.BCO, 0, 1);
        assertEquals(new BcoLoss(.1).value(one.withRewardShift(0)), losses[1], 1e-10);
        double shift = RewardShift.meanReward(.1, one) / 2;
        assertTrue(Math.abs(shift) > 1e-4, "the shift shows");
        assertEquals(new BcoLoss(.1).value(two.withRewardShift(shift)), losses[2], 1e-10);
    }

    @Test
    void ktoComparesWithTheDivergenceOfMismatchedRows() {
        double[] losses = train(start.copy(), TrainingMethod.KTO, 2);
        assertEquals(.5, losses[0], 1e-12);
        DecoderModel model = after(TrainingMethod.KTO, 1);
        ResponseScores own = scores(model, TrainingMethod.KTO, 0);
        ResponseScores mismatched = scores(model, TrainingMethod.KTO, 1);
        double kl = KtoLoss.kl(mismatched.logProbs(), mismatched.referenceLogProbs());
        boolean[] desirable = new boolean[own.rows()];
        for (int i = 0; i < desirable.length; i++) {
            desirable[i] = TinyTask.data(TrainingMethod.KTO).items().get(i).desirable();
        }
        ResponseScores batch = own.withDesirable(desirable).withKl(kl);
        assertEquals(new KtoLoss(.1, 1, 1).value(batch), losses[1], 1e-10);
    }

    @Test
    void npoHasTheReferenceOfSingleResponses() {
        double[] losses = train(start.copy(), TrainingMethod.NPO, 2);
        assertEquals(2 * Math.log(2) / .1, losses[0], 1e-10);
        ResponseScores one = scores(after(TrainingMethod.NPO, 1), TrainingMethod.NPO, 0);
        assertEquals(new NpoLoss(.1).value(one), losses[1], 1e-10);
    }
}
