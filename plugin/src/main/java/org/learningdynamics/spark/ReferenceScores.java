package org.learningdynamics.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.lm.ResponseScorer;

/** Log-probabilities of many responses under a reference model, kept in a folder. */
final class ReferenceScores {
    private static final StructType SCHEMA =
            new StructType()
                    .add("place", DataTypes.LongType, false)
                    .add("log_prob", DataTypes.DoubleType, false);

    private final JavaSparkContext context;
    private final ParquetFolder folder;

    ReferenceScores(SparkSession spark, String path) {
        context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        folder = new ParquetFolder(spark, path, SCHEMA);
    }

    /**
     * Responses that go through the model together.
     *
     * @param places among all responses
     * @param rows the responses
     */
    record Batch(ArrayList<Integer> places, ArrayList<EncodedResponse> rows)
            implements Serializable {}

    /** In the order of the responses (nats). */
    double[] of(List<EncodedResponse> responses, ShippedModel model, int tasks) {
        if (!folder.isWritten()) {
            List<byte[]> batches = new ArrayList<>();
            for (List<Integer> places :
                    ResponseScorer.batches(responses, ResponseScorer.DEFAULT_BATCH_ROWS)) {
                ArrayList<EncodedResponse> rows = new ArrayList<>();
                places.forEach(place -> rows.add(responses.get(place)));
                batches.add(Payload.of(new Batch(new ArrayList<>(places), rows)));
            }
            JavaRDD<byte[]> all = context.parallelize(batches, Math.min(tasks, batches.size()));
            folder.append(all.mapPartitions(some -> score(some, model)));
        }
        double[] scores = new double[responses.size()];
        for (Row row : folder.read().collectAsList()) {
            scores[Math.toIntExact(row.getLong(0))] = row.getDouble(1);
        }
        return scores;
    }

    private static Iterator<Row> score(Iterator<byte[]> batches, ShippedModel model) {
        List<Row> rows = new ArrayList<>();
        try (ExecutorModels.Lease lease = ExecutorModels.lease(model)) {
            ResponseScorer scorer = new ResponseScorer(lease.model());
            while (batches.hasNext()) {
                Batch batch = Payload.read(batches.next(), Batch.class);
                double[] scores;
                synchronized (lease.model()) { // all tasks have the model's own graph
                    scores = scorer.logProbs(batch.rows());
                }
                for (int i = 0; i < scores.length; i++) {
                    rows.add(RowFactory.create((long) batch.places().get(i), scores[i]));
                }
            }
        }
        return rows.iterator();
    }
}
