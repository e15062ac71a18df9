package org.learningdynamics.measure;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies runs of neighbouring elements between float32 arrays of the CPU backend, of less than 2
 * GiB each.
 */
public final class HostCopies {
    private HostCopies() {}

    /**
     * Copies rows of a table, {@code y_k = x[i_k]}; zeros where there is no such row.
     *
     * @param table x, in any order // [n, …]
     * @param places i // [k]
     * @param target y, in c order without gaps // k rows of the table's length
     * @throws IllegalArgumentException if the target has another length
     */
    public static void rows(INDArray table, int[] places, INDArray target) {
        int length = rowLength(table, places, target);
        long count = table.size(0);
        INDArray dense = HostRows.dense(table);
        FloatBuffer from = HostRows.memory(dense);
        FloatBuffer to = HostRows.memory(target);
        float[] zeros = new float[length];
        for (int k = 0; k < places.length; k++) {
            if (places[k] >= 0 && places[k] < count) {
                to.put(k * length, from, places[k] * length, length);
            } else {
                to.put(k * length, zeros);
            }
        }
        if (dense != table) {
            dense.close();
        }
    }

    /**
     * Adds up rows, {@code x[i] = Σ y_k} over all k with {@code i_k = i}, in the order of k, each
     * sum in float32; rows without a place in the table are left out.
     *
     * @param rows y, in any order // k rows of the table's length
     * @param places i // [k]
     * @param table x, filled; in c order without gaps // [n, …]
     * @throws IllegalArgumentException if the rows have another length
     */
    public static void sums(INDArray rows, int[] places, INDArray table) {
        int length = rowLength(table, places, rows);
        table.assign(0);
        INDArray dense = HostRows.dense(rows);
        FloatBuffer from = HostRows.memory(dense);
        FloatBuffer to = HostRows.memory(table);
        float[] sum = new float[length];
        float[] row = new float[length];
        for (int k = 0; k < places.length; k++) {
            if (places[k] >= 0 && places[k] < table.size(0)) {
                from.get(k * length, row);
                to.get(places[k] * length, sum);
                add(row, sum);
                to.put(places[k] * length, sum);
            }
        }
        if (dense != rows) {
            dense.close();
        }
    }

    private static void add(float[] row, float[] sum) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += row[j];
        }
    }

    private static int rowLength(INDArray table, int[] places, INDArray rows) {
        long length = table.length() / table.size(0);
        if (rows.length() != places.length * length) {
            throw new IllegalArgumentException(
                    "there must be "
                            + places.length
                            + " rows of length "
                            + length
                            + ", got shape "
                            + Arrays.toString(rows.shape()));
        }
        return Math.toIntExact(length);
    }
}
