package org.learningdynamics.listener;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Tells examples apart by what they hold. */
final class RowDigests {
    private RowDigests() {}

    /**
     * SHA-256 over the rows of each example.
     *
     * @param arrays features and labels; those with another number of rows are left out
     * @param rows of the batch
     * @param layout which rows belong to an example
     */
    static List<String> of(List<INDArray> arrays, int rows, RowLayout layout) {
        int examples = layout.examples(rows);
        List<Sha256> digests = new ArrayList<>();
        for (int example = 0; example < examples; example++) {
            digests.add(new Sha256());
        }
        for (INDArray array : arrays) {
            if (array.rank() > 0 && array.size(0) == rows) {
                add(array, rows, layout, digests);
            }
        }
        return digests.stream().map(Sha256::hex).toList();
    }

    private static void add(INDArray array, int rows, RowLayout layout, List<Sha256> digests) {
        double[] values = values(array);
        int width = values.length / rows;
        for (int row = 0; row < rows; row++) {
            if (!layout.part(row, digests.size()).isEmpty()) {
                double[] own = java.util.Arrays.copyOfRange(values, row * width, (row + 1) * width);
                digests.get(layout.position(row, digests.size())).add(own);
            }
        }
    }

    private static double[] values(INDArray array) {
        try (INDArray copy = array.dup('c')) {
            return copy.data().asDouble();
        }
    }
}
