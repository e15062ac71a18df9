package org.learningdynamics.it.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Spark on two threads of this process, {@code local[2]}. Started by the first test that asks and
 * shared by all others, for a start takes seconds and a process can have one only.
 */
public final class LocalSpark {
    /** Master of the shared session. */
    public static final String MASTER = "local[2]";

    private static SparkSession session;

    private LocalSpark() {}

    /**
     * The shared session.
     *
     * @return a session that nobody but {@link #stop} may stop
     */
    public static synchronized SparkSession session() {
        if (session == null || session.sparkContext().isStopped()) {
            session = SparkSession.builder().config(conf("tests").setMaster(MASTER)).getOrCreate();
        }
        return session;
    }

    /**
     * The shared session's context.
     *
     * @return a context that nobody may stop
     */
    public static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session().sparkContext());
    }

    /** Makes room for another context; the next test that asks begins anew. */
    public static synchronized void stop() {
        if (session != null) {
            session.stop();
            session = null;
        }
    }

    /** What every driver of a test has: no pages, no ports but on loopback. */
    static SparkConf conf(String name) {
        return new SparkConf()
                .setAppName(name)
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", LocalCluster.HOST)
                .set("spark.driver.bindAddress", LocalCluster.HOST)
                .set("spark.sql.shuffle.partitions", "2");
    }
}
