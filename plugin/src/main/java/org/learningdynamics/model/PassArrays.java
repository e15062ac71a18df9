package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of one pass as {@code [N, T, …]}, handed out so that each has one owner: the first who
 * asks gets the array itself, later ones a copy.
 */
final class PassArrays implements AutoCloseable {
    private final SeededGraph.Pass pass;
    private final int rows;
    private final Set<String> given = new HashSet<>();
    private final List<INDArray> owned = new ArrayList<>();

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
        int[] flat = integers(pass.value(name));
        int positions = positions(name, flat.length);
        int[][] ids = new int[rows][];
        Arrays.setAll(ids, n -> Arrays.copyOfRange(flat, n * positions, (n + 1) * positions));
        return ids;
    }

    private static int[] integers(INDArray array) {
        try (INDArray copy = array.dup('c')) {
            return copy.data().asInt();
        }
    }

    /** A view as {@code [N, T, width]}; what it is a view of is among {@link #owned}. */
    private INDArray hand(String key, INDArray array) {
        long width = array.rank() < 2 ? 1 : array.size(array.rank() - 1);
        int positions = positions(key, array.length() / width);
        boolean plain = !array.isView() && array.ordering() == 'c';
        INDArray own = given.add(key) && plain ? array : array.dup('c');
        owned.add(own);
        return own.reshape('c', rows, positions, width);
    }

    /** What was handed out. */
    List<INDArray> owned() {
        return owned;
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
        Set<INDArray> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(owned);
        pass.values().values().stream().filter(a -> !kept.contains(a)).forEach(INDArray::close);
        pass.gradients().values().stream().filter(a -> !kept.contains(a)).forEach(INDArray::close);
    }
}
