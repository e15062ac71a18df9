package org.learningdynamics.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.data.DataException;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.RunTableWriter;

/**
 * What a job on Spark leaves in its folder: tables of a run, each a folder {@code TABLE.parquet} of
 * Parquet files with the columns of the run file's table of that name. Readable by whatever reads
 * Parquet; {@link #toRunFile} makes a run file of it for the report and the command line.
 */
public final class SparkRun {
    private static final List<RunTable> TABLES =
            List.of(
                    RunTable.EXAMPLE,
                    RunTable.STEP,
                    RunTable.LIKELIHOOD,
                    RunTable.ATTRIBUTION,
                    RunTable.SELF_INFLUENCE,
                    RunTable.ATTRIBUTION_PROGRESS,
                    RunTable.EVENT);

    private final SparkSession spark;
    private final String folder;

    private SparkRun(SparkSession spark, String folder) {
        this.spark = spark;
        this.folder = folder;
    }

    /**
     * The tables in a folder.
     *
     * @param spark reads them
     * @param folder a path or address that Spark reads, such as {@code hdfs://…}
     * @return the run, nothing of it read yet
     */
    public static SparkRun of(SparkSession spark, String folder) {
        return new SparkRun(spark, folder);
    }

    /**
     * The rows of a table.
     *
     * @param table which
     * @return its columns as the run file has them; no rows if the job wrote none
     */
    public Dataset<Row> rows(RunTable table) {
        return parquet(table).read();
    }

    ParquetFolder parquet(RunTable table) {
        return new ParquetFolder(
                spark, folder + "/" + table.key() + ".parquet", TableRows.schema(table));
    }

    /** Begins a folder, or goes on with one that the same job began. */
    void begin(RunHeader header) {
        ParquetFolder rows = parquet(RunTable.HEADER);
        if (rows.isWritten()) {
            requireSame(header);
            return;
        }
        List<Row> texts = new ArrayList<>();
        header.rows().forEach((key, value) -> texts.add(RowFactory.create(key, value)));
        rows.replace(texts);
    }

    /** A folder of another job must not get this one's rows. */
    private void requireSame(RunHeader header) {
        Map<String, String> then = identity(header());
        Map<String, String> now = identity(header);
        Map<String, String> all = new TreeMap<>(then);
        all.putAll(now);
        for (String name : all.keySet()) {
            String before = then.getOrDefault(name, "none");
            String after = now.getOrDefault(name, "none");
            if (!before.equals(after)) {
                throw new DataException(
                        folder
                                + ": "
                                + name
                                + " must be the job's "
                                + before
                                + " to go on with it, got "
                                + after);
            }
        }
    }

    private static Map<String, String> identity(RunHeader header) {
        Map<String, String> all = new TreeMap<>(header.configuration());
        all.putAll(header.entries());
        all.put("data_sha256", header.dataSha256());
        all.put("probes_sha256", header.probesSha256());
        all.put("stage", header.stage());
        return all;
    }

    /**
     * Where the run comes from.
     *
     * @return the header that the job wrote when it began
     * @throws DataException if there is none
     */
    public RunHeader header() {
        Map<String, String> rows = new TreeMap<>();
        for (Row row : rows(RunTable.HEADER).collectAsList()) {
            rows.put(row.getString(0), row.getString(1));
        }
        if (rows.isEmpty()) {
            throw new DataException(folder + ": must hold a job's header.parquet, has none");
        }
        return RunHeader.ofRows(rows);
    }

    /**
     * Makes a run file. Rows come to this process one partition at a time, probes and responses all
     * at once.
     *
     * @param run a file that does not exist
     * @return its absolute path
     * @throws DataException if the folder holds no job's tables
     * @throws org.learningdynamics.recording.RunFileException if the file exists or cannot be
     *     written
     */
    public Path toRunFile(Path run) {
        RunHeader header = header();
        try (RunTableWriter writer = RunTableWriter.create(run)) {
            writer.start(header, probes(), responses());
            for (RunTable table : TABLES) {
                Iterator<Row> rows = rows(table).toLocalIterator();
                while (rows.hasNext()) {
                    writer.add(table, TableRows.cells(table, rows.next()));
                }
            }
            return writer.finish();
        }
    }

    private List<ProbeRow> probes() {
        List<ProbeRow> probes = new ArrayList<>();
        for (Row row : rows(RunTable.PROBE).orderBy("probe").collectAsList()) {
            probes.add(
                    new ProbeRow(
                            Math.toIntExact(row.getLong(0)),
                            row.getString(1),
                            row.getString(2),
                            row.getString(3)));
        }
        return probes;
    }

    /** A probe's responses are in one file, in the order in which they were given. */
    private List<ResponseRow> responses() {
        List<ResponseRow> responses = new ArrayList<>();
        Dataset<Row> rows = rows(RunTable.RESPONSE);
        if (!parquet(RunTable.RESPONSE).isWritten()) {
            return responses;
        }
        for (Row row :
                rows.select("*", "_metadata.row_index")
                        .orderBy("probe", "row_index")
                        .collectAsList()) {
            responses.add(
                    new ResponseRow(
                            Math.toIntExact(row.getLong(0)),
                            row.getString(1),
                            row.getString(2),
                            Math.toIntExact(row.getLong(3))));
        }
        return responses;
    }
}
