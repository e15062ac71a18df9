package org.learningdynamics.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of one pass as {@code [N, T, …]}, handed out so that each has one owner: the first who
 * asks gets the array itself, later ones a copy.
 */
final class PassArrays implements AutoCloseable {
    private final SeededGraph.Pass pass;
    private final int rows;
    private final Map<String, Boolean> given = new HashMap<>();

    PassArrays(SeededGraph.Pass pass, int rows) {
        this.pass = pass;
        this.rows = rows;
    }

    INDArray value(String name) {
        return hand("value " + name, pass.value(name));
    }

    INDArray gradient(String name) {
        return hand("gradient " + name, pass.gradient(name));
    }

    /** [N][T]. */
    int[][] integers(String name) {
        int[] flat = pass.value(name).dup('c').data().asInt();
        int positions = positions(name, flat.length);
        int[][] ids = new int[rows][];
        Arrays.setAll(ids, n -> Arrays.copyOfRange(flat, n * positions, (n + 1) * positions));
        return ids;
    }

    private INDArray hand(String key, INDArray array) {
        long width = array.rank() < 2 ? 1 : array.size(array.rank() - 1);
        int positions = positions(key, array.length() / width);
        boolean copy = given.put(key, true) != null || array.isView() || array.ordering() != 'c';
        INDArray own = copy ? array.dup('c') : array;
        return own.reshape('c', rows, positions, width);
    }

    private int positions(String name, long all) {
        if (all % rows != 0) {
            throw new IllegalStateException(
                    name + " must hold positions of " + rows + " rows, got " + all);
        }
        return (int) (all / rows);
    }

    /** Frees what nobody took; the logits stay. */
    @Override
    public void close() {
        pass.values().forEach((name, array) -> free("value " + name, array));
        pass.gradients().forEach((name, array) -> free("gradient " + name, array));
    }

    private void free(String key, INDArray array) {
        if (!given.containsKey(key) || array.isView() || array.ordering() != 'c') {
            array.close();
        }
    }
}
