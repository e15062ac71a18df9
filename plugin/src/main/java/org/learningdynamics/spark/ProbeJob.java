package org.learningdynamics.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Tokenizer;
import org.learningdynamics.probe.EncodedProbeRow;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.RunTable;
import scala.Tuple2;

/** One call of a {@link SparkProbing}. */
final class ProbeJob {
    private static final String BLOCK = "block";
    private static final String STEP = "step";

    /** Blocks that are committed together, for each task that runs at once. */
    private static final int ROUNDS = 4;

    private final SparkProbing job;
    private final SparkRun run;
    private final JavaSparkContext context;
    private final ParquetFolder finished;
    private final IntConsumer stored;
    private final List<ShippedModel> shipped = new ArrayList<>();

    ProbeJob(SparkProbing job, SparkRun run, String folder, IntConsumer stored) {
        this.job = job;
        this.run = run;
        context = JavaSparkContext.fromSparkContext(job.spark.sparkContext());
        finished = blocks(job.spark, folder);
        this.stored = stored;
    }

    /** Where finished blocks are until all are. */
    static ParquetFolder blocks(SparkSession spark, String folder) {
        return new ParquetFolder(spark, folder + "/blocks", blockSchema());
    }

    private static StructType blockSchema() {
        StructType schema = new StructType().add(BLOCK, DataTypes.LongType, false);
        for (StructField field : TableRows.schema(RunTable.LIKELIHOOD).fields()) {
            schema = schema.add(field);
        }
        return schema;
    }

    SparkRun run() {
        ProbeLines lines = new ProbeLines(context, job.file);
        job.models.forEach(model -> shipped.add(ShippedModel.ship(context, model.path())));
        Tokenizer tokenizer = LoadedModel.tokenizer(shipped.get(0).folder());
        RunHeader header = header(lines.sha256(), tokenizer);
        ParquetFolder likelihoods = run.parquet(RunTable.LIKELIHOOD);
        if (likelihoods.isWritten()) {
            run.begin(header);
            return run;
        }
        JavaRDD<byte[]> probes =
                lines.read(shipped.get(0), job.truncation, job.tokensPerBatch)
                        .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Optional<String> skipped = checkLines(probes);
            run.begin(header);
            writeTexts(probes, skipped);
            measure(probes, tokenizer.paddingId());
        } finally {
            probes.unpersist();
        }
        likelihoods.replace(finished.read().drop(BLOCK).orderBy(STEP, "probe", "kind"));
        finished.delete();
        return run;
    }

    private RunHeader header(String dataSha256, Tokenizer tokenizer) {
        RunHeader.Builder header =
                RunHeader.builder("probe", job.clock.instant())
                        .stage("probe")
                        .dataSha256(dataSha256)
                        .configuration(job.describe())
                        .entry("tokenizer_sha256", tokenizer.digest())
                        .entry("not_measured.step", "loss");
        for (int step = 0; step < shipped.size(); step++) {
            String key = shipped.size() == 1 ? "model_sha256" : "model_sha256." + step;
            header.entry(key, shipped.get(step).sha256());
        }
        return header.build();
    }

    private static ReadProbe probe(byte[] payload) {
        return Payload.read(payload, ReadProbe.class);
    }

    /** What there is to say of bad lines, where they are allowed. */
    private Optional<String> checkLines(JavaRDD<byte[]> probes) {
        long all = probes.count();
        JavaPairRDD<Integer, String> bad =
                probes.map(ProbeJob::probe)
                        .filter(ReadProbe::isBad)
                        .mapToPair(probe -> new Tuple2<>(probe.line(), probe.fault()));
        List<Tuple2<Integer, String>> first = bad.sortByKey().take(1);
        if (!first.isEmpty() && job.badLines == BadLines.FAIL) {
            throw new DataException(first.get(0)._2());
        }
        if (first.isEmpty() && all > 0) {
            return Optional.empty();
        }
        long faults = all == 0 ? 0 : bad.count();
        String why = faults == 0 ? "" : ", the first: " + first.get(0)._2();
        if (faults == all) {
            throw new DataException(job.file + ": holds no example" + why);
        }
        return Optional.of(job.file + ": " + faults + " lines skipped" + why);
    }

    private static JavaRDD<ReadProbe> good(JavaRDD<byte[]> probes) {
        return probes.map(ProbeJob::probe).filter(probe -> !probe.isBad());
    }

    private void writeTexts(JavaRDD<byte[]> probes, Optional<String> skipped) {
        String setName = job.setName;
        write(RunTable.PROBE, good(probes).map(probe -> TableRows.of(probe.probeRow(setName))));
        write(
                RunTable.RESPONSE,
                good(probes)
                        .flatMap(
                                probe ->
                                        probe.responseRows().stream()
                                                .map(TableRows::of)
                                                .iterator()));
        run.parquet(RunTable.STEP).replace(steps());
        skipped.ifPresent(
                message ->
                        run.parquet(RunTable.EVENT)
                                .replace(
                                        List.of(
                                                RowFactory.create(
                                                        -1L,
                                                        "warning",
                                                        "lines_skipped",
                                                        message))));
    }

    private void write(RunTable table, JavaRDD<Row> rows) {
        run.parquet(table).replace(job.spark.createDataFrame(rows, TableRows.schema(table)));
    }

    private List<Row> steps() {
        List<Row> rows = new ArrayList<>();
        long millis = job.clock.millis();
        for (SparkProbing.Probed model : job.models) {
            Optional<Double> rate = model.learningRate().stream().boxed().findFirst();
            rows.add(
                    RowFactory.create(
                            (long) rows.size(),
                            model.iteration(),
                            0L,
                            millis,
                            null,
                            rate.orElse(null),
                            null,
                            null,
                            null));
        }
        return rows;
    }

    private void measure(JavaRDD<byte[]> probes, int paddingId) {
        ProbePlan plan = plan(probes);
        Broadcast<ProbePlan> told = context.broadcast(plan);
        Set<ParquetFolder.BlockKey> done = finished.blocks(STEP, BLOCK);
        for (int i = 0; i < shipped.size(); i++) {
            long step = i;
            List<Long> left =
                    LongStream.range(0, plan.blocks())
                            .filter(b -> !done.contains(new ParquetFolder.BlockKey(step, b)))
                            .boxed()
                            .toList();
            ProbePasses passes = new ProbePasses(step, paddingId, shipped.get(i));
            int wave = ROUNDS * context.defaultParallelism();
            for (int from = 0; from < left.size(); from += wave) {
                List<Long> blocks = left.subList(from, Math.min(left.size(), from + wave));
                finished.append(measured(probes, told, new BlockPartitioner(blocks), passes));
                stored.accept(blocks.size());
            }
        }
        told.destroy();
    }

    private ProbePlan plan(JavaRDD<byte[]> probes) {
        List<int[]> lengths = good(probes).flatMap(probe -> probe.lengths().iterator()).collect();
        return new ProbePlan(lengths, job.tokensPerBatch, job.passesPerBlock);
    }

    private static JavaRDD<Row> measured(
            JavaRDD<byte[]> probes,
            Broadcast<ProbePlan> plan,
            BlockPartitioner blocks,
            ProbePasses passes) {
        return good(probes)
                .flatMapToPair(probe -> placed(probe, plan.value(), blocks).iterator())
                .partitionBy(blocks)
                .mapPartitions(passes::measure);
    }

    private static List<Tuple2<Long, byte[]>> placed(
            ReadProbe probe, ProbePlan plan, BlockPartitioner blocks) {
        List<Tuple2<Long, byte[]>> placed = new ArrayList<>();
        for (int part = 0; part < probe.groups().size(); part++) {
            int place = plan.place(probe.line(), part);
            long block = plan.block(place);
            if (blocks.has(block)) {
                ArrayList<EncodedProbeRow> rows = probe.groups().get(part);
                placed.add(
                        new Tuple2<>(
                                block,
                                Payload.of(new ProbePasses.Placed(place, plan.pass(place), rows))));
            }
        }
        return placed;
    }
}
