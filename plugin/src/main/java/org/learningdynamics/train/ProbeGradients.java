package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.learningdynamics.influence.RowGradients;

/**
 * Gradients of the probe rows at one checkpoint, block after block. The first blocks are kept, as
 * many as the memory takes; the others are made again each time.
 */
final class ProbeGradients implements AutoCloseable {
    private final List<List<Integer>> blocks = new ArrayList<>();
    private final Function<List<Integer>, RowGradients> pass;
    private final long memoryBytes;
    private final int rows;
    private final Map<Integer, RowGradients> kept = new HashMap<>();
    private long keptBytes;

    /**
     * Divides the rows into blocks.
     *
     * @param rows number of probe rows
     * @param blockRows rows of a block at most
     * @param memoryBytes for gradients that are kept
     * @param pass makes the gradients of some rows, named by their places
     */
    ProbeGradients(
            int rows, int blockRows, long memoryBytes, Function<List<Integer>, RowGradients> pass) {
        this.rows = rows;
        this.memoryBytes = memoryBytes;
        this.pass = pass;
        blocks.addAll(Blocks.of(rows, blockRows));
    }

    int rows() {
        return rows;
    }

    /** Bytes of the gradients that are kept, never more than the memory. */
    long keptBytes() {
        return keptBytes;
    }

    /** Hands over every block with the place of its first row; the gradients are lent. */
    void forEach(Action action) {
        for (int block = 0; block < blocks.size(); block++) {
            RowGradients gradients = kept.get(block);
            if (gradients == null) {
                gradients = pass.apply(blocks.get(block));
                keep(block, gradients);
            }
            try {
                action.use(blocks.get(block).get(0), gradients);
            } finally {
                if (!kept.containsKey(block)) {
                    gradients.close();
                }
            }
        }
    }

    private void keep(int block, RowGradients gradients) {
        long bytes = gradients.bytes();
        if (keptBytes + bytes <= memoryBytes) {
            kept.put(block, gradients);
            keptBytes += bytes;
        }
    }

    @Override
    public void close() {
        kept.values().forEach(RowGradients::close);
        kept.clear();
        keptBytes = 0;
    }

    /** Works on the gradients of some rows. */
    @FunctionalInterface
    interface Action {
        void use(int first, RowGradients gradients);
    }
}
