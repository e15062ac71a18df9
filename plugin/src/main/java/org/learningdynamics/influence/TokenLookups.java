package org.learningdynamics.influence;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
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
        int[] places = places(parameter.rows());
        if (places.length == 0) {
            return;
        }
        INDArray table = gradients.reshape('c', rows() * parameter.rows(), to - from);
        try (INDArray indices = Nd4j.createFromArray(places);
                INDArray updates = read(from, to)) {
            Nd4j.exec(
                    DynamicCustomOp.builder("scatter_add")
                            .addInputs(table, indices, updates)
                            .addOutputs(table)
                            .build());
        }
    }

    /** Where in the tables of all rows each position that reads one finds its value. */
    private int[] places(long size) {
        int[] places = new int[ids.length * (ids.length == 0 ? 0 : ids[0].length)];
        int next = 0;
        for (int n = 0; n < ids.length; n++) {
            for (int id : ids[n]) {
                if (id >= size) {
                    throw new IllegalArgumentException(
                            "ids must be < " + size + ", got " + id + " in row " + n);
                }
                if (id >= 0) {
                    places[next++] = Math.toIntExact(n * size + id);
                }
            }
        }
        return Arrays.copyOf(places, next);
    }

    /** The deltas of the positions that read something // [places, to − from]. */
    private INDArray read(long from, long to) {
        INDArray flat = deltas.reshape('c', deltas.size(0) * deltas.size(1), deltas.size(2));
        INDArray columns = flat.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
        int[] reading = reading();
        if (reading.length == flat.size(0)) {
            return columns.dup('c');
        }
        return Nd4j.pullRows(columns, 1, reading);
    }

    /** Flat positions that read something. */
    private int[] reading() {
        int length = (int) deltas.size(1);
        return IntStream.range(0, ids.length * length)
                .filter(i -> ids[i / length][i % length] >= 0)
                .toArray();
    }

    @Override
    public GradientFactor part(int fromRow, int toRow) {
        return new TokenLookups(
                Arrays.copyOfRange(ids, fromRow, toRow), RowSums.part(deltas, fromRow, toRow));
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
                INDArray own = read(0, deltas.size(2))) {
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
    public int bytesPerValue() {
        return deltas.dataType().width();
    }

    @Override
    public long bytes() {
        return deltas.length() * bytesPerValue();
    }

    @Override
    public void close() {
        deltas.close();
    }
}
