package org.learningdynamics.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherTest {
    /** Items whose length is 1 + item % 40. */
    private static final List<Integer> ITEMS = IntStream.range(0, 203).boxed().toList();

    @Test
    void everyEpochHoldsEveryItemOnce() {
        Batcher<Integer> batcher = batcher(5);
        for (int epoch = 0; epoch < 4; epoch++) {
            List<List<Integer>> batches = batcher.epoch(epoch);
            assertEquals(ITEMS, flat(batches).sorted().boxed().toList());
            assertEquals(26, batches.size());
            assertEquals(26, batcher.batchesPerEpoch());
            assertEquals(1, batches.stream().filter(batch -> batch.size() < 8).count());
        }
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertEquals(batcher(5).epoch(1), batcher(5).epoch(1));
        assertNotEquals(batcher(5).epoch(1), batcher(6).epoch(1));
        assertNotEquals(batcher(5).epoch(1), batcher(5).epoch(2));
    }

    @Test
    void theOrderIsTheSameOnEveryPlatform() {
        List<Integer> few = IntStream.range(0, 8).boxed().toList();
        List<List<Integer>> batches = Batcher.of(few, item -> 1, 3, 42).epoch(0);
        assertEquals(List.of(List.of(3, 6, 0), List.of(1, 5, 2), List.of(4, 7)), batches);
    }

    @Test
    void batchesHoldSimilarLengths() {
        List<List<Integer>> batches = batcher(5).bucketWidth(10).epoch(0);
        long wide = batches.stream().filter(batch -> spread(batch) >= 10).count();
        assertTrue(wide <= 4, wide + " batches of 26 span more than a bucket");
    }

    @Test
    void batchesAreShuffledNotSortedByLength() {
        List<Integer> lengths =
                batcher(5).epoch(0).stream().map(batch -> length(batch.get(0))).toList();
        assertNotEquals(lengths.stream().sorted().toList(), lengths);
    }

    @Test
    void widestBucketIgnoresLength() {
        List<List<Integer>> batches = batcher(5).bucketWidth(Integer.MAX_VALUE).epoch(0);
        long wide = batches.stream().filter(batch -> spread(batch) >= 10).count();
        assertTrue(wide > 20, wide + " batches of 26 mix lengths");
    }

    @Test
    void keepsPairsTogether() {
        var encoder = new SequenceEncoder(new ByteTokenizer(), Truncation.DEFAULT);
        List<PreferenceRow> pairs =
                IntStream.range(1, 30)
                        .mapToObj(
                                i -> new PreferenceExample(i, "p", "y" + i, "n".repeat(1 + i) + i))
                        .map(encoder::encode)
                        .toList();
        for (List<PreferenceRow> batch : Batcher.preferences(pairs, 4, 1).epoch(0)) {
            for (PreferenceRow row : batch) {
                var tokenizer = new ByteTokenizer();
                assertEquals("py" + row.example(), tokenizer.decode(row.chosen().tokens()));
                assertTrue(tokenizer.decode(row.rejected().tokens()).endsWith("n" + row.example()));
            }
        }
    }

    @Test
    void extendedSupervisionShufflesBothResponsesApart() {
        List<PreferenceExample> pairs =
                IntStream.range(1, 51)
                        .mapToObj(i -> new PreferenceExample(i, "p" + i, "y" + i, "n" + i))
                        .toList();
        List<CompletionExample> both = Supervision.extended(pairs);
        assertEquals(new CompletionExample(2, "p1", "y1"), both.get(0));
        assertEquals(new CompletionExample(3, "p1", "n1"), both.get(1));
        assertEquals(100, both.stream().mapToLong(Example::id).distinct().count());
        var encoder = new SequenceEncoder(new ByteTokenizer(), Truncation.DEFAULT);
        var batches =
                Batcher.supervised(both.stream().map(encoder::encode).toList(), 4, 3).epoch(0);
        long together =
                batches.stream()
                        .filter(b -> b.stream().map(r -> r.example() / 2).distinct().count() < 4)
                        .count();
        assertEquals(25, batches.size());
        assertTrue(together < 10, together + " of 25 batches hold both responses of a pair");
    }

    @Test
    void supervisesOnAnyKind() {
        var examples =
                JsonLines.reader(BadLines.FAIL)
                        .responses(
                                TextSource.text(
                                        "d", "{\"prompt\":\"p\",\"chosen\":\"c\",\"odd\":\"o\"}"))
                        .examples();
        assertEquals(List.of(new CompletionExample(1, "p", "o")), Supervision.on(examples, "odd"));
        assertEquals(
                List.of(new PreferenceExample(1, "p", "c", "o")),
                Supervision.preferences(examples, "chosen", "odd"));
        assertEquals(
                List.of(new CompletionExample(1, "p", "c")),
                Supervision.onChosen(Supervision.preferences(examples, "chosen", "odd")));
        assertThrows(DataException.class, () -> Supervision.on(examples, "rejected"));
    }

    @Test
    void rejectsNonsense() {
        assertEquals(
                "batchSize must be >= 1, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Batcher.of(ITEMS, BatcherTest::length, 0, 1))
                        .getMessage());
        assertEquals(
                "items must not be empty",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Batcher.of(List.<Integer>of(), BatcherTest::length, 1, 1))
                        .getMessage());
        assertEquals(
                "bucketWidth must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> batcher(1).bucketWidth(0))
                        .getMessage());
        assertEquals(
                "epoch must be >= 0, got -1",
                assertThrows(IllegalArgumentException.class, () -> batcher(1).epoch(-1))
                        .getMessage());
    }

    private static Batcher<Integer> batcher(long seed) {
        return Batcher.of(ITEMS, BatcherTest::length, 8, seed);
    }

    private static int length(int item) {
        return 1 + item % 40;
    }

    private static int spread(List<Integer> batch) {
        var lengths = batch.stream().mapToInt(BatcherTest::length).summaryStatistics();
        return lengths.getMax() - lengths.getMin();
    }

    private static IntStream flat(List<List<Integer>> batches) {
        return batches.stream().flatMap(Collection::stream).mapToInt(Integer::intValue);
    }
}
