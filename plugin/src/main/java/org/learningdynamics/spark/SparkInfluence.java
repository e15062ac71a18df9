package org.learningdynamics.spark;

import java.util.function.IntConsumer;
import org.apache.spark.sql.SparkSession;
import org.learningdynamics.train.CheckpointInfluence;

/**
 * Does the work of a {@link CheckpointInfluence} with a projection on Spark, and gives its tables.
 *
 * <pre>{@code
 * CheckpointInfluence job =
 *         CheckpointInfluence.builder(Checkpoint.in(Path.of("dpo")), data, options, probes)
 *                 .options(CheckpointInfluenceOptions.defaults().withProjection(projection))
 *                 .build();
 * SparkInfluence.of(spark, job).run("hdfs:///influence").toRunFile(Path.of("influence.ldyn"));
 * }</pre>
 *
 * <p>Tasks take the gradients of blocks of probe rows and of examples at a checkpoint and write
 * them projected, k doubles each, to {@code gradients/probe.parquet} and {@code
 * gradients/example.parquet}; then products are added up over the checkpoints into the tables
 * {@code attribution} and {@code self_influence}. The numbers are those of {@link
 * CheckpointInfluence#run}, bit for bit where executors have the processor and the number of
 * threads of the machine compared with: blocks, seeds and the order of sums are the same.
 *
 * <p>Checkpoints go from the driver to the executors when their turn comes and stay in memory once
 * for all tasks of a process. Blocks whose gradients are stored are not done again: run again with
 * the same folder after a kill, a job does what is missing. An executor that is lost costs its
 * unfinished tasks; nothing is lost or counted twice.
 *
 * <p>Memory: on the driver the encoded examples and the probes' projected gradients of all
 * checkpoints, {@code 8·k·rows} bytes each; on an executor a model, a block's gradients for each
 * core and the probes' projected gradients of a checkpoint.
 */
public final class SparkInfluence {
    /** Default of {@link #blocksPerTask}. */
    public static final int DEFAULT_BLOCKS_PER_TASK = 8;

    private final SparkSession spark;
    private final CheckpointInfluence job;
    private final int blocksPerTask;

    private SparkInfluence(SparkSession spark, CheckpointInfluence job, int blocksPerTask) {
        this.spark = spark;
        this.job = job;
        this.blocksPerTask = blocksPerTask;
    }

    /**
     * A job on Spark.
     *
     * @param spark where the work is done
     * @param job what to do, with a projection; its files are on the driver
     * @return the job, not started
     */
    public static SparkInfluence of(SparkSession spark, CheckpointInfluence job) {
        return new SparkInfluence(spark, job, DEFAULT_BLOCKS_PER_TASK);
    }

    /**
     * The same with other tasks.
     *
     * @param blocks of a task, at least 1; {@value #DEFAULT_BLOCKS_PER_TASK} by default
     * @return a new job
     * @throws IllegalArgumentException if it is less
     */
    public SparkInfluence blocksPerTask(int blocks) {
        if (blocks < 1) {
            throw new IllegalArgumentException("blocksPerTask must be >= 1, got " + blocks);
        }
        return new SparkInfluence(spark, job, blocks);
    }

    /**
     * Does what is left of the job. Blocks until then.
     *
     * @param folder where Spark can write, new or one that this job began
     * @return the tables {@code header}, {@code probe}, {@code response}, {@code example}, {@code
     *     attribution}, {@code self_influence} and {@code attribution_progress}
     * @throws org.learningdynamics.data.DataException if a checkpoint cannot be read or does not
     *     fit the data, or the folder is another job's
     * @throws IllegalArgumentException if the job has no projection
     */
    public SparkRun run(String folder) {
        return run(folder, blocks -> {});
    }

    /** Tells how many blocks were stored, each time that some were. */
    SparkRun run(String folder, IntConsumer stored) {
        return new GradientJob(spark, job.pieces(), folder, blocksPerTask, stored).run();
    }
}
