package org.learningdynamics.influence;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Gradients of a table whose rows are looked up: {@code ∂W_n[v] = Σ_{t: id_nt = v} δ_nt}.
 *
 * @param ids which row of the table each position reads; negative for none // [N][T]
 * @param deltas gradient at what is read // [N, T, p]
 */
public record TokenLookups(int[][] ids, INDArray deltas) implements GradientFactor {
    /**
     * Checks and copies the ids.
     *
     * @param ids which row each position reads; negative for none // [N][T]
     * @param deltas gradient at what is read // [N, T, p]
     * @throws IllegalArgumentException if N or T differ
     */
    public TokenLookups {
        if (deltas.rank() != 3 || deltas.size(0) != ids.length) {
            throw new IllegalArgumentException(
                    "deltas must be [" + ids.length + ", T, p], got " + shape(deltas));
        }
        ids = Arrays.stream(ids).map(int[]::clone).toArray(int[][]::new);
        for (int[] row : ids) {
            if (row.length != deltas.size(1)) {
                throw new IllegalArgumentException(
                        "each row must have " + deltas.size(1) + " ids, got " + row.length);
            }
        }
    }

    private static String shape(INDArray array) {
        return Arrays.toString(array.shape());
    }

    @Override
    public int rows() {
        return ids.length;
    }

    @Override
    public INDArray gradients(ParameterMatrix parameter, long from, long to) {
        INDArray all = Nd4j.zeros(deltas.dataType(), rows(), parameter.rows(), to - from);
        addTo(all, parameter, from, to);
        return all;
    }

    /** Adds this term to gradients // [N, d, to − from]. */
    void addTo(INDArray gradients, ParameterMatrix parameter, long from, long to) {
        for (int n = 0; n < ids.length; n++) {
            for (int t = 0; t < ids[n].length; t++) {
                int id = ids[n][t];
                if (id >= 0) {
                    INDArray delta =
                            deltas.get(
                                    NDArrayIndex.point(n),
                                    NDArrayIndex.point(t),
                                    NDArrayIndex.interval(from, to));
                    gradients
                            .get(NDArrayIndex.point(n), NDArrayIndex.point(id), NDArrayIndex.all())
                            .addi(delta);
                }
            }
        }
    }

    @Override
    public double[] along(INDArray matrix) {
        double[] values = new double[ids.length];
        for (int n = 0; n < ids.length; n++) {
            for (int t = 0; t < ids[n].length; t++) {
                int id = ids[n][t];
                if (id >= 0) {
                    INDArray delta =
                            deltas.get(
                                    NDArrayIndex.point(n),
                                    NDArrayIndex.point(t),
                                    NDArrayIndex.all());
                    values[n] += dot(matrix.getRow(id), delta);
                }
            }
        }
        return values;
    }

    private static double dot(INDArray a, INDArray b) {
        try (INDArray product = a.mul(b)) {
            return RowSums.over(product, 0)[0];
        }
    }

    /**
     * Ids.
     *
     * @return a copy // [N][T]
     */
    @Override
    public int[][] ids() {
        return Arrays.stream(ids).map(int[]::clone).toArray(int[][]::new);
    }

    @Override
    public int bytesPerValue() {
        return deltas.dataType().width();
    }

    @Override
    public void close() {
        deltas.close();
    }
}
