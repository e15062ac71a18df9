package org.learningdynamics.influence;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    public void write(GradientBlock block, INDArray target, boolean adds) {
        if (!adds) {
            target.assign(0);
        }
        HostValues sums = HostValues.of(target);
        HostValues read = HostValues.of(deltas);
        long[] stride = deltas.stride();
        for (int n = block.fromRow(); n < block.toRow(); n++) {
            long first = (n - block.fromRow()) * block.height() - block.top();
            for (int t = 0; t < ids[n].length; t++) {
                if (ids[n][t] >= block.top() && ids[n][t] < block.bottom()) {
                    long from = n * stride[0] + t * stride[1] + block.left() * stride[2];
                    sums.add(
                            (first + ids[n][t]) * block.width(),
                            read,
                            from,
                            stride[2],
                            block.width());
                }
            }
        }
        sums.written();
    }

    /** The deltas of the positions that read something // [positions, p]. */
    private INDArray read(int[] reading) {
        INDArray flat = deltas.reshape('c', deltas.size(0) * deltas.size(1), deltas.size(2));
        return Nd4j.pullRows(flat, 1, reading);
    }

    /** Refuses to read what the table does not have. */
    void requireBelow(long size) {
        for (int n = 0; n < ids.length; n++) {
            for (int id : ids[n]) {
                if (id >= size) {
                    throw new IllegalArgumentException(
                            "ids must be < " + size + ", got " + id + " in row " + n);
                }
            }
        }
    }

    /** Flat positions that read something. */
    private int[] reading() {
        int length = (int) deltas.size(1);
        return IntStream.range(0, ids.length * length)
                .filter(i -> ids[i / length][i % length] >= 0)
                .toArray();
    }

    @Override
    public double[] along(INDArray matrix) {
        int length = (int) deltas.size(1);
        int[] reading = reading();
        double[] values = new double[ids.length];
        if (reading.length == 0) {
            return values;
        }
        int[] tokens = Arrays.stream(reading).map(i -> ids[i / length][i % length]).toArray();
        try (INDArray rows = Nd4j.pullRows(matrix, 1, tokens);
                INDArray own = read(reading)) {
            double[] products = RowSums.over(rows.muli(own), 1);
            for (int i = 0; i < products.length; i++) {
                values[reading[i] / length] += products[i];
            }
        }
        return values;
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
    public boolean isFinite() {
        return RowSums.isFinite(deltas);
    }

    @Override
    public DataType type() {
        return deltas.dataType();
    }

    @Override
    public List<INDArray> arrays() {
        return List.of(deltas);
    }

    @Override
    public void close() {
        deltas.close();
    }
}
