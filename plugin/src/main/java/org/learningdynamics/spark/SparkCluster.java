package org.learningdynamics.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.train.CheckpointInfluence;

/**
 * A connection to a cluster for programs that have nothing else to do with Spark: none of its types
 * is in sight. What {@code spark-submit} or system properties set ({@code spark.…}) holds.
 */
public final class SparkCluster implements AutoCloseable {
    private static final String MASTER = "spark.master";
    private static final String NAME = "spark.app.name";
    private static final long STEADY_MILLIS = 1000;

    private final JavaSparkContext context;

    private SparkCluster(JavaSparkContext context) {
        this.context = context;
    }

    /**
     * Whether Spark is on the class path; it is not part of this library.
     *
     * @return false if {@link #connect} would fail for want of classes
     */
    public static boolean isOnClassPath() {
        try {
            Class.forName(
                    "org.apache.spark.api.java.JavaSparkContext",
                    false,
                    SparkCluster.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Connects.
     *
     * @param master such as {@code local[2]}, {@code spark://host:7077} or {@code yarn}; empty for
     *     the one that spark-submit was given
     * @param name shown in the cluster's pages, unless spark-submit was given another
     * @return a connection, the only one of this process
     * @throws IllegalArgumentException if there is no master, or it is not one
     */
    public static SparkCluster connect(Optional<String> master, String name) {
        SparkConf conf = new SparkConf();
        master.ifPresent(conf::setMaster);
        if (!conf.contains(MASTER)) {
            throw new IllegalArgumentException(
                    "a master must be given, such as local[2], spark://HOST:PORT or yarn, where"
                            + " spark-submit has given none, got none");
        }
        conf.setIfMissing(NAME, name);
        try {
            return new SparkCluster(new JavaSparkContext(conf));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) { // Scala declares nothing
            throw new IllegalArgumentException(
                    "Spark could not start with master "
                            + conf.get(MASTER)
                            + ": "
                            + SparkFailure.cause(e),
                    e);
        }
    }

    /**
     * How many tasks the executors that came run at once. Waits for the first, and until for a
     * second no other comes.
     *
     * @return at least 1
     * @throws InterruptedException if it is interrupted
     */
    public int slots() throws InterruptedException {
        context.parallelize(List.of(0), 1).count();
        int cores = 0;
        while (!context.isLocal() && cores != context.defaultParallelism()) {
            cores = context.defaultParallelism();
            Thread.sleep(STEADY_MILLIS);
        }
        int each = context.getConf().getInt("spark.task.cpus", 1);
        return Math.max(1, context.defaultParallelism() / each);
    }

    /**
     * A runner of a sweep's candidates, as {@link SparkCandidates#on}.
     *
     * @param opener opens the trainer, once a process
     * @param files by the place that each gets in the opener's folder
     * @param <T> what the space draws
     * @return the runner
     */
    public <T> SparkCandidates<T> candidates(TrainerOpener<T> opener, Map<String, Path> files) {
        return SparkCandidates.on(context, opener, files);
    }

    /**
     * Starts a job that measures a probe file, as {@link SparkProbing#builder}.
     *
     * @param file JSON Lines in the probe format, where executors can read it
     * @param model on this machine: a model folder or file
     * @return a builder
     */
    public SparkProbing.Builder probing(String file, Path model) {
        return SparkProbing.builder(session(), file, model);
    }

    /**
     * A job that scores a training set, as {@link SparkInfluence#of}.
     *
     * @param job what to do, with a projection; its files are on this machine
     * @return the job, not started
     */
    public SparkInfluence influence(CheckpointInfluence job) {
        return SparkInfluence.of(session(), job);
    }

    private SparkSession session() {
        return SparkSession.builder().sparkContext(context.sc()).getOrCreate();
    }

    /** Ends the connection and the cluster's processes for it. */
    @Override
    public void close() {
        context.stop();
    }
}
