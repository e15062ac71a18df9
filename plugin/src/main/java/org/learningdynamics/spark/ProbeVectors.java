package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Projected gradients of all probe rows at one checkpoint, by probe and kind.
 *
 * @param rate the checkpoint's learning rate
 * @param probes ids // [probe rows]
 * @param kinds response kinds // [probe rows]
 * @param squares squared norms // [probe rows]
 * @param vectors the projections // [probe rows][k]
 */
record ProbeVectors(
        double rate, long[] probes, String[] kinds, double[] squares, double[][] vectors)
        implements Serializable {
    /** Of rows of the folder of probe gradients. */
    static ProbeVectors of(double rate, ParquetFolder folder, long checkpoint) {
        List<Row> rows =
                folder.read()
                        .where("checkpoint = " + checkpoint)
                        .select("probe", "kind", "square", "vector")
                        .orderBy("probe", "kind")
                        .collectAsList();
        double[][] vectors = new double[rows.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = vector(rows.get(i), 3);
        }
        return new ProbeVectors(
                rate,
                rows.stream().mapToLong(row -> row.getLong(0)).toArray(),
                rows.stream().map(row -> row.getString(1)).toArray(String[]::new),
                rows.stream().mapToDouble(row -> row.getDouble(2)).toArray(),
                vectors);
    }

    static double[] vector(Row row, int column) {
        return row.<Double>getList(column).stream().mapToDouble(Double::doubleValue).toArray();
    }
}
