package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.learningdynamics.data.TokenBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class BatchPlanTest {
    private final TrainingData data = TinyTask.data(TrainingMethod.DPO);

    @Test
    void holdsExactlyTheUpdatesAskedFor() {
        for (int updates : new int[] {1, 2, 3, 4, 6, 7, 31}) {
            BatchPlan plan = plan(updates);
            int batches = 0;
            for (int epoch = 0; epoch < plan.epochs(); epoch++) {
                assertTrue(!plan.epoch(epoch).isEmpty(), updates + " updates, epoch " + epoch);
                batches += plan.epoch(epoch).size();
            }
            assertEquals(updates, batches);
        }
    }

    @Test
    void anEpochHoldsEveryExampleOnce() {
        BatchPlan plan = plan(6);
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Long> ids = new ArrayList<>();
            plan.epoch(epoch).forEach(batch -> batch.forEach(item -> ids.add(item.example())));
            assertEquals(10, ids.size());
            assertEquals(10, new TreeSet<>(ids).size());
        }
    }

    @Test
    void stacksChosenRowsBeforeRejectedOnesAtAMultipleOfSixteen() {
        TokenBatch rows = plan(1).rows(data.items().subList(0, 2));
        assertEquals(4, rows.size());
        assertEquals(16, rows.length());
        for (int i = 0; i < 2; i++) {
            assertRow(data.items().get(i).responses().get(0).tokens(), rows.inputIds()[i]);
            assertRow(data.items().get(i).responses().get(1).tokens(), rows.inputIds()[2 + i]);
        }
    }

    @Test
    void iteratorYieldsThePlanAndFreesOldBatches() {
        BatchPlan plan = plan(5);
        BatchIterator batches =
                new BatchIterator(plan, List.of(), DataType.FLOAT, new CurrentBatch(), 0);
        List<INDArray> features = new ArrayList<>();
        for (int epoch = 0; epoch < 2; epoch++) {
            for (List<TrainingItem> expected : plan.epoch(epoch)) {
                INDArray ids = batches.next().getFeatures(0);
                assertArrayEquals(plan.rows(expected).inputIds(), ids.toIntMatrix());
                features.add(ids);
            }
            assertThrows(NoSuchElementException.class, batches::next);
            if (epoch == 0) {
                batches.reset();
            }
        }
        batches.close();
        assertEquals(5, features.size());
        assertTrue(features.stream().allMatch(INDArray::wasClosed));
    }

    private static void assertRow(int[] tokens, int[] input) {
        for (int t = 0; t < tokens.length - 1; t++) {
            assertEquals(tokens[t], input[t]);
        }
    }

    private BatchPlan plan(int updates) {
        TrainingOptions options =
                TrainingOptions.builder(TrainingMethod.DPO).updates(updates).batchSize(4).build();
        return new BatchPlan(data, options);
    }
}
