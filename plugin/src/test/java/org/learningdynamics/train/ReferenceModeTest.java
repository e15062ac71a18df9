package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.lm.DecoderModel;
import org.nd4j.linalg.api.buffer.DataType;

/** Training against a reference that is computed for each batch, and one that moves. */
class ReferenceModeTest {
    private static final double LN_2 = Math.log(2);

    private static TrainingOptions options(int updates) {
        return TrainingOptions.builder(TrainingMethod.DPO)
                .updates(updates)
                .batchSize(4)
                .learningRate(0.02)
                .build();
    }

    private static TrainingRun.Builder builder(DecoderModel model, int updates) {
        return TrainingRun.builder(model, TinyTask.data(TrainingMethod.DPO), options(updates));
    }

    @Test
    void aLiveReferenceIsThePrecomputedOne() {
        DecoderModel precomputed = TinyTask.model(DataType.FLOAT);
        DecoderModel live = TinyTask.model(DataType.FLOAT);
        TrainingResult expected = builder(precomputed, 6).build().run();
        TrainingResult result = builder(live, 6).referenceMode(ReferenceMode.LIVE).build().run();
        assertArrayEquals(expected.losses(), result.losses(), 1e-6);
        assertEquals(LN_2, result.firstLoss(), 1e-7);
        assertEquals(List.of(), result.events());
        assertTrue(result.lastLoss() < 0.9 * LN_2, "it learns");
    }

    @Test
    void aFullSyncMakesRewardsStartAgain() {
        DecoderModel model = TinyTask.model(DataType.FLOAT);
        DecoderModel given = model.copy();
        DecoderModel untouched = model.copy();
        double[] losses =
                builder(model, 6)
                        .reference(given)
                        .referenceMode(ReferenceMode.LIVE)
                        .referenceSync(new ReferenceSync(1, 2))
                        .build()
                        .run()
                        .losses();
        for (int update : new int[] {0, 2, 4}) {
            assertEquals(LN_2, losses[update], 1e-7);
        }
        for (int update : new int[] {1, 3, 5}) {
            assertTrue(Math.abs(losses[update] - LN_2) > 1e-3, "rewards grew in between");
        }
        assertEquals(untouched.parameters(), given.parameters(), "the given reference");
    }

    @Test
    void aSyncedReferenceMustBeLive() {
        TrainingRun.Builder builder =
                builder(TinyTask.model(DataType.FLOAT), 2).referenceSync(new ReferenceSync(.5, 3));
        assertEquals(
                "a synced reference must be live, got ReferenceSync[alpha=0.5, everyUpdates=3]"
                        + " without one",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }
}
