package org.learningdynamics.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of one pass as {@code [N, T, …]}. Factors share what they are made of: the input of
 * several products is there once.
 */
final class PassArrays implements AutoCloseable {
    private final SeededGraph.Pass pass;
    private final int rows;
    private final Map<String, INDArray> plain = new HashMap<>(); // in the order of 'c', by key
    private final Map<String, INDArray> owned = new LinkedHashMap<>();

    PassArrays(SeededGraph.Pass pass, int rows) {
        this.pass = pass;
        this.rows = rows;
    }

    /** Part of a factor from now on. */
    INDArray value(String name) {
        return handed("value " + name, pass.value(name));
    }

    /** Part of a factor from now on. */
    INDArray gradient(String name) {
        return handed("gradient " + name, pass.gradient(name));
    }

    /** To be read before this is closed. */
    INDArray lentValue(String name) {
        return view("value " + name, pass.value(name));
    }

    /** To be read before this is closed. */
    INDArray lentGradient(String name) {
        return view("gradient " + name, pass.gradient(name));
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

    private INDArray handed(String key, INDArray array) {
        INDArray view = view(key, array);
        owned.put(key, plain(key, array));
        return view;
    }

    /** A view // [N, T, width]. */
    private INDArray view(String key, INDArray array) {
        long width = array.rank() < 2 ? 1 : array.size(array.rank() - 1);
        int positions = positions(key, array.length() / width);
        return plain(key, array).reshape('c', rows, positions, width);
    }

    /** The array itself, or a copy where its memory has another order. */
    private INDArray plain(String key, INDArray array) {
        return plain.computeIfAbsent(
                key, k -> !array.isView() && array.ordering() == 'c' ? array : array.dup('c'));
    }

    /** What factors are views of, each once. */
    List<INDArray> owned() {
        return List.copyOf(owned.values());
    }

    private int positions(String name, long all) {
        if (all % rows != 0) {
            throw new IllegalStateException(
                    name + " must hold positions of " + rows + " rows, got " + all);
        }
        return (int) (all / rows);
    }

    /** Frees what is part of no factor; the logits stay. */
    @Override
    public void close() {
        Set<INDArray> left = Collections.newSetFromMap(new IdentityHashMap<>());
        left.addAll(pass.values().values());
        left.addAll(pass.gradients().values());
        left.addAll(plain.values());
        owned.values().forEach(left::remove);
        left.forEach(INDArray::close);
    }
}
