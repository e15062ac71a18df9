package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Shuffled batches of items of similar length. Every epoch holds every item exactly once, in
 * another order; items, batch size, bucket width and seed decide the order alone, on every Java
 * platform. An item of the list stays whole: a {@link PreferenceRow} brings both its responses.
 *
 * <p>Items of the same bucket (lengths {@code (k − 1)·width + 1 … k·width}) fill batches; what a
 * bucket has left over is joined with the leftovers of its neighbours. So all batches are full but
 * the last of the leftovers. Immutable and safe for use by several threads.
 *
 * @param <T> type of item
 */
public final class Batcher<T> {
    /** Lengths of a batch differ by less than this by default. */
    public static final int DEFAULT_BUCKET_WIDTH = 16;

    private final List<T> items;
    private final ToIntFunction<? super T> length;
    private final int batchSize;
    private final int bucketWidth;
    private final long seed;

    private Batcher(
            List<T> items,
            ToIntFunction<? super T> length,
            int batchSize,
            int bucketWidth,
            long seed) {
        this.items = items;
        this.length = length;
        this.batchSize = batchSize;
        this.bucketWidth = bucketWidth;
        this.seed = seed;
    }

    /**
     * Batches of items with {@link #DEFAULT_BUCKET_WIDTH}.
     *
     * @param items at least one item
     * @param length length of an item in tokens
     * @param batchSize items in a batch, at least 1
     * @param seed decides the order
     * @param <T> type of item
     * @return the batcher
     */
    public static <T> Batcher<T> of(
            List<T> items, ToIntFunction<? super T> length, int batchSize, long seed) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("items must not be empty");
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize must be >= 1, got " + batchSize);
        }
        return new Batcher<>(List.copyOf(items), length, batchSize, DEFAULT_BUCKET_WIDTH, seed);
    }

    /**
     * Batches of rows with one response.
     *
     * @param rows at least one row
     * @param batchSize rows in a batch, at least 1
     * @param seed decides the order
     * @return the batcher
     */
    public static Batcher<SupervisedRow> supervised(
            List<SupervisedRow> rows, int batchSize, long seed) {
        return of(rows, row -> row.encoded().length(), batchSize, seed);
    }

    /**
     * Batches of pairs.
     *
     * @param rows at least one pair
     * @param batchSize pairs in a batch, at least 1
     * @param seed decides the order
     * @return the batcher
     */
    public static Batcher<PreferenceRow> preferences(
            List<PreferenceRow> rows, int batchSize, long seed) {
        return of(rows, PreferenceRow::length, batchSize, seed);
    }

    /**
     * The same batcher with another bucket width.
     *
     * @param width at least 1; {@link Integer#MAX_VALUE} for batches regardless of length
     * @return a new batcher
     */
    public Batcher<T> bucketWidth(int width) {
        if (width < 1) {
            throw new IllegalArgumentException("bucketWidth must be >= 1, got " + width);
        }
        return new Batcher<>(items, length, batchSize, width, seed);
    }

    /**
     * Number of batches in every epoch.
     *
     * @return items divided by the batch size, rounded up
     */
    public int batchesPerEpoch() {
        return (items.size() - 1) / batchSize + 1;
    }

    /**
     * The batches of one epoch. Cost: one pass over the items.
     *
     * @param epoch number of the epoch, at least 0
     * @return every item exactly once
     */
    public List<List<T>> epoch(int epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must be >= 0, got " + epoch);
        }
        Random random = Shuffle.random(seed, epoch);
        Map<Integer, List<T>> buckets = new TreeMap<>();
        for (T item : Shuffle.copy(items, random)) {
            int bucket = Math.max(0, length.applyAsInt(item) - 1) / bucketWidth;
            buckets.computeIfAbsent(bucket, k -> new ArrayList<>()).add(item);
        }
        List<List<T>> batches = new ArrayList<>(batchesPerEpoch());
        List<T> left = new ArrayList<>();
        buckets.values().forEach(bucket -> left.addAll(cutFull(bucket, batches)));
        List<T> last = cutFull(left, batches);
        if (!last.isEmpty()) {
            batches.add(List.copyOf(last));
        }
        return Shuffle.copy(batches, random);
    }

    /** Cuts full batches off and returns the rest. */
    private List<T> cutFull(List<T> bucket, List<List<T>> batches) {
        int from = 0;
        for (; from + batchSize <= bucket.size(); from += batchSize) {
            batches.add(List.copyOf(bucket.subList(from, from + batchSize)));
        }
        return bucket.subList(from, bucket.size());
    }
}
