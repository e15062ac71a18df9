package org.learningdynamics.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.InfluencePieces;

/** One call of a {@link SparkInfluence}. */
final class GradientJob {
    /** Tasks whose rows are committed together, for each that runs at once. */
    private static final int ROUNDS = 4;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final InfluencePieces pieces;
    private final SparkRun run;
    private final int blocksPerTask;
    private final IntConsumer stored;
    private final ParquetFolder probes;
    private final ParquetFolder examples;
    private final ReferenceScores reference;

    GradientJob(
            SparkSession spark,
            InfluencePieces pieces,
            String folder,
            int blocksPerTask,
            IntConsumer stored) {
        this.spark = spark;
        this.pieces = pieces;
        this.blocksPerTask = blocksPerTask;
        this.stored = stored;
        context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        run = SparkRun.of(spark, folder);
        probes =
                new ParquetFolder(
                        spark, folder + "/gradients/probe.parquet", GradientPasses.PROBES);
        examples = examples(spark, folder);
        reference = new ReferenceScores(spark, folder + "/gradients/reference.parquet");
    }

    /** The examples' gradients of a job. */
    static ParquetFolder examples(SparkSession spark, String folder) {
        return new ParquetFolder(
                spark, folder + "/gradients/example.parquet", GradientPasses.EXAMPLES);
    }

    SparkRun run() {
        RunHeader header = pieces.header().withProbes(pieces.probeRows(), pieces.responseRows());
        if (!run.parquet(RunTable.ATTRIBUTION).isWritten()) {
            pieces.requireFitting();
            run.begin(header);
            writeTexts();
            takeGradients();
            addUp();
        } else {
            run.begin(header);
        }
        return run;
    }

    private void writeTexts() {
        run.parquet(RunTable.PROBE)
                .replace(pieces.probeRows().stream().map(TableRows::of).toList());
        run.parquet(RunTable.RESPONSE)
                .replace(pieces.responseRows().stream().map(TableRows::of).toList());
        run.parquet(RunTable.EXAMPLE)
                .replace(pieces.exampleRows().stream().map(TableRows::of).toList());
    }

    private int tasks() {
        return ROUNDS * context.defaultParallelism();
    }

    private void takeGradients() {
        double[] logProbs = referenceLogProbs();
        List<List<EncodedProbeRow>> probeBlocks = pieces.probeBlocks();
        Set<ParquetFolder.BlockKey> probesDone = done(probes);
        Set<ParquetFolder.BlockKey> examplesDone = done(examples);
        for (Checkpoint checkpoint : pieces.checkpoints()) {
            List<Integer> probesLeft = left(checkpoint, probeBlocks.size(), probesDone);
            List<Integer> examplesLeft = left(checkpoint, pieces.blocks(), examplesDone);
            if (probesLeft.isEmpty() && examplesLeft.isEmpty()) {
                continue;
            }
            GradientPasses passes = passes(checkpoint);
            waves(
                    probes,
                    probesLeft,
                    1,
                    block -> payload(block, probeBlocks.get(block)),
                    passes::probes);
            waves(
                    examples,
                    examplesLeft,
                    blocksPerTask,
                    block -> Payload.of(pieces.block(block, logProbs)),
                    passes::examples);
        }
    }

    private double[] referenceLogProbs() {
        return pieces.reference()
                .map(
                        file ->
                                reference.of(
                                        pieces.responses(),
                                        ShippedModel.ship(context, file),
                                        tasks()))
                .orElseGet(() -> new double[pieces.responses().size()]);
    }

    private GradientPasses passes(Checkpoint checkpoint) {
        return new GradientPasses(
                checkpoint.iteration(),
                checkpoint.file().toString(),
                ShippedModel.ship(context, checkpoint.file()),
                pieces.task());
    }

    private static byte[] payload(int block, List<EncodedProbeRow> rows) {
        return Payload.of(new GradientPasses.ProbeBlock(block, new ArrayList<>(rows)));
    }

    private static Set<ParquetFolder.BlockKey> done(ParquetFolder folder) {
        return folder.blocks(GradientPasses.CHECKPOINT, GradientPasses.BLOCK);
    }

    private static List<Integer> left(
            Checkpoint checkpoint, int blocks, Set<ParquetFolder.BlockKey> done) {
        long iteration = checkpoint.iteration();
        return IntStream.range(0, blocks)
                .filter(b -> !done.contains(new ParquetFolder.BlockKey(iteration, b)))
                .boxed()
                .toList();
    }

    /** Blocks in tasks, tasks in jobs whose rows are committed together. */
    private void waves(
            ParquetFolder folder,
            List<Integer> left,
            int blocksEach,
            IntFunction<byte[]> payload,
            FlatMapFunction<Iterator<byte[]>, Row> work) {
        int wave = tasks() * blocksEach;
        for (int from = 0; from < left.size(); from += wave) {
            List<byte[]> payloads =
                    left.subList(from, Math.min(left.size(), from + wave)).stream()
                            .map(payload::apply)
                            .toList();
            int slices = (payloads.size() + blocksEach - 1) / blocksEach;
            JavaRDD<byte[]> blocks = context.parallelize(new ArrayList<>(payloads), slices);
            folder.append(blocks.mapPartitions(work));
            stored.accept(payloads.size());
        }
    }

    private void addUp() {
        TreeMap<Long, Broadcast<ProbeVectors>> vectors = new TreeMap<>();
        pieces.rates()
                .forEach(
                        (checkpoint, rate) ->
                                vectors.put(
                                        checkpoint,
                                        context.broadcast(
                                                ProbeVectors.of(rate, probes, checkpoint))));
        AttributionSums sums = new AttributionSums(pieces.form(), vectors);
        writeEvents();
        write(
                RunTable.SELF_INFLUENCE,
                byExample("part <> 'rejected'", "square").mapPartitions(sums::selfInfluences));
        run.parquet(RunTable.ATTRIBUTION_PROGRESS).replace(progress());
        write(
                RunTable.ATTRIBUTION,
                byExample("true", "part", "vector").mapPartitions(sums::attributions));
        vectors.values().forEach(Broadcast::destroy);
    }

    /** Example, checkpoint and some columns, those of an example together and sorted. */
    private JavaRDD<Row> byExample(String condition, String... columns) {
        List<String> selected = new ArrayList<>(List.of(GradientPasses.CHECKPOINT));
        selected.addAll(List.of(columns));
        Dataset<Row> rows =
                examples.read().where(condition).select("example", selected.toArray(String[]::new));
        return rows.repartition(rows.col("example"))
                .sortWithinPartitions(
                        "example", selected.subList(0, columns.length).toArray(String[]::new))
                .toJavaRDD();
    }

    private void write(RunTable table, JavaRDD<Row> rows) {
        run.parquet(table).replace(spark.createDataFrame(rows, TableRows.schema(table)));
    }

    private List<Row> progress() {
        List<Row> rows = new ArrayList<>();
        for (Checkpoint checkpoint : pieces.checkpoints()) {
            for (long block = 0; block < pieces.blocks(); block++) {
                rows.add(RowFactory.create(checkpoint.iteration(), block));
            }
        }
        return rows;
    }

    private void writeEvents() {
        List<Row> events = new ArrayList<>();
        for (Row row :
                examples.read()
                        .where("not_finite <> ''")
                        .select(GradientPasses.CHECKPOINT, GradientPasses.BLOCK, "not_finite")
                        .distinct()
                        .orderBy(GradientPasses.CHECKPOINT, GradientPasses.BLOCK)
                        .collectAsList()) {
            Event event = InfluencePieces.notFinite(row.getLong(0), row.getString(2));
            events.add(
                    RowFactory.create(
                            event.step(),
                            event.severity().name().toLowerCase(Locale.ROOT),
                            event.code(),
                            event.message()));
        }
        if (!events.isEmpty()) {
            run.parquet(RunTable.EVENT).replace(events);
        }
    }
}
