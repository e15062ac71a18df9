package org.learningdynamics.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A folder of Parquet files wherever Spark can write. What is written appears when Spark commits
 * it, a file for each partition, whole or not at all: an attempt of a task that was killed leaves
 * nothing, and of two attempts one counts.
 */
final class ParquetFolder {
    private static final String COMMITTED = "_SUCCESS";
    private static final String MARK = "mapreduce.fileoutputcommitter.marksuccessfuljobs";
    private static final String COMMITTER = "mapreduce.fileoutputcommitter.algorithm.version";

    private final SparkSession spark;
    private final Path path;
    private final StructType schema;

    ParquetFolder(SparkSession spark, String path, StructType schema) {
        this.spark = spark;
        this.path = new Path(path);
        this.schema = schema;
    }

    /** Whether a write has been committed here. */
    boolean isWritten() {
        return exists(new Path(path, COMMITTED));
    }

    private boolean exists(Path file) {
        try {
            return fileSystem().exists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be readable", e);
        }
    }

    private FileSystem fileSystem() throws IOException {
        return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    }

    /** Adds a file a partition; what is there stays. */
    void append(JavaRDD<Row> rows) {
        write(spark.createDataFrame(rows, schema), SaveMode.Append);
    }

    /** Puts rows in the place of what is there. */
    void replace(Dataset<Row> rows) {
        write(rows, SaveMode.Overwrite);
    }

    /** Puts rows of the driver in the place of what is there, in one file. */
    void replace(List<Row> rows) {
        replace(spark.createDataFrame(rows, schema).coalesce(1));
    }

    /** The first version of the committer replaces what an attempt reported as lost has left. */
    private void write(Dataset<Row> rows, SaveMode mode) {
        rows.write()
                .mode(mode)
                .option("compression", "zstd")
                .option("maxRecordsPerFile", 0)
                .option(COMMITTER, 1)
                .option(MARK, true)
                .parquet(path.toString());
    }

    /** All rows; none if nothing was written. */
    Dataset<Row> read() {
        return exists(path)
                ? spark.read().schema(schema).parquet(path.toString())
                : spark.createDataFrame(List.of(), schema);
    }

    /** The different pairs of two columns of whole numbers. */
    Set<BlockKey> blocks(String first, String second) {
        Set<BlockKey> found = new HashSet<>();
        for (Row row : read().select(first, second).distinct().collectAsList()) {
            found.add(new BlockKey(row.getLong(0), row.getLong(1)));
        }
        return found;
    }

    void delete() {
        try {
            fileSystem().delete(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " must be deletable", e);
        }
    }

    /**
     * A piece of work that is stored whole or not at all.
     *
     * @param model the checkpoint or recording
     * @param block its block
     */
    record BlockKey(long model, long block) {}
}
