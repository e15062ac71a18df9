package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Places 0 … n − 1 in blocks of neighbours. */
final class Blocks {
    private Blocks() {}

    static List<List<Integer>> of(int size, int blockSize) {
        List<List<Integer>> blocks = new ArrayList<>();
        for (int from = 0; from < size; from += blockSize) {
            int to = Math.min(size, from + blockSize);
            blocks.add(IntStream.range(from, to).boxed().toList());
        }
        return blocks;
    }
}
