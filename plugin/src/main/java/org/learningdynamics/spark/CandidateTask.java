package org.learningdynamics.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.learningdynamics.sweep.CandidateJob;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * Trains one candidate where Spark wants it. Several attempts may run at once, each in a folder of
 * its own; Spark takes the result of one.
 */
final class CandidateTask<T> implements Function<Integer, TrainedCandidate> {
    /** Spark's own limit of what the tasks of a job may give back together. */
    static final String MAX_RESULT = "spark.driver.maxResultSize";

    private static final long serialVersionUID = 1L;
    private static final String DEFAULT_MAX_RESULT = "1g";

    /** What Spark adds to a result. */
    private static final long OVERHEAD = 1L << 16;

    private final CandidateJob<T> job;
    private final Broadcast<ProcessTrainer<T>> trainer;

    CandidateTask(CandidateJob<T> job, Broadcast<ProcessTrainer<T>> trainer) {
        this.job = job;
        this.trainer = trainer;
    }

    @Override
    public TrainedCandidate call(Integer index) throws Exception {
        try (Scratch scratch = Scratch.create("candidate")) {
            ResultRow row = job.run(trainer.value().get(job.identity()), scratch.folder());
            TrainedCandidate trained = pack(row, scratch);
            requireWanted();
            return trained;
        }
    }

    private static TrainedCandidate pack(ResultRow row, Scratch scratch) throws Exception {
        long most = SparkEnv.get().conf().getSizeAsBytes(MAX_RESULT, DEFAULT_MAX_RESULT);
        try {
            return TrainedCandidate.pack(
                    row, scratch.folder(), most == 0 ? Long.MAX_VALUE : most - OVERHEAD);
        } catch (TrainedCandidate.ResultTooLarge | OutOfMemoryError e) {
            return TrainedCandidate.withoutFiles(
                    row,
                    "the run files of candidate "
                            + row.index()
                            + ", compressed, must fit into "
                            + MAX_RESULT
                            + " ("
                            + (most >> 20)
                            + " MiB) and into the heap, do not; raise it with spark.executor.memory"
                            + " and spark.driver.memory, or record less often");
        }
    }

    /** What was trained while its process was being ended may lack recordings. */
    private static void requireWanted() throws InterruptedException {
        if (TaskContext.get().isInterrupted()) {
            throw new InterruptedException("Spark has no use for this attempt");
        }
        Thread none = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(none); // throws while the process ends
        Runtime.getRuntime().removeShutdownHook(none);
    }
}
