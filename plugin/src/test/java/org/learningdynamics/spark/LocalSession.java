package org.learningdynamics.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;

/** Spark in this process, two tasks at a time; one for all tests. */
final class LocalSession {
    private LocalSession() {}

    /** Skips the test where Spark 3.5 cannot run. */
    static SparkSession get() {
        int feature = Runtime.version().feature();
        Assumptions.assumeTrue(
                feature < 24, "Spark 3.5 needs Java below 24, this is Java " + feature);
        return SparkSession.builder()
                .master("local[2]")
                .appName("tests")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                // What compiling queries costs is never earned by few rows.
                .config("spark.sql.codegen.wholeStage", false)
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.warehouse.dir", warehouse().toUri().toString())
                .getOrCreate();
    }

    private static Path warehouse() {
        return Path.of(System.getProperty("java.io.tmpdir"), "warehouse");
    }
}
