package org.learningdynamics.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.Partitioner;

/** A partition for each of some blocks, whose numbers are the keys. */
final class BlockPartitioner extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final long[] blocks;

    /** The numbers are different and sorted. */
    BlockPartitioner(List<Long> blocks) {
        this.blocks = blocks.stream().mapToLong(Long::longValue).toArray();
    }

    boolean has(long block) {
        return Arrays.binarySearch(blocks, block) >= 0;
    }

    @Override
    public int numPartitions() {
        return blocks.length;
    }

    @Override
    public int getPartition(Object key) {
        return Arrays.binarySearch(blocks, (Long) key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockPartitioner it && Arrays.equals(blocks, it.blocks);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blocks);
    }
}
