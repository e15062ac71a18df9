package org.learningdynamics.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.learningdynamics.sweep.CandidateJob;
import org.learningdynamics.sweep.CandidateRunner;
import org.learningdynamics.sweep.RunnerException;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * Trains the candidates of a sweep as tasks of Spark, each a job of one task that the sweep's
 * worker waits for: as many are under way as the sweep has workers. Candidates, stopping, resuming
 * and the sweep file are the driver's as ever; a task gets one candidate and gives back its result
 * and its run files, which the driver writes before the result.
 *
 * <pre>{@code
 * NetworkTrainer<DL4JConfiguration> trainer = digits(Path.of("data"));
 * try (SparkCandidates<DL4JConfiguration> spark =
 *         SparkCandidates.on(context, folder -> digits(folder), Map.of("digits.csv", file))) {
 *     Sweep.builder(space, trainer, out)
 *             .runner(spark)
 *             .resources(new Resources(16, Long.MAX_VALUE))
 *             .build()
 *             .run();
 * }
 * }</pre>
 *
 * <p>What a candidate's training throws makes a failed candidate, as without Spark. An executor
 * that is lost makes Spark train the candidate again, with the same result; a candidate that takes
 * {@code spark.task.maxFailures} executors with it is a failed one. Everything else ends the sweep
 * with a {@link RunnerException}, and it goes on when it is run again.
 *
 * @param <T> what the space draws; must be sent by Java's serialization, as {@link
 *     org.learningdynamics.sweep.TrainingChoice} and Arbiter's configurations of networks are
 */
public final class SparkCandidates<T> implements CandidateRunner<T>, AutoCloseable {
    private final JavaSparkContext context;
    private final Broadcast<ProcessTrainer<T>> trainer;
    private final String group = "ldyn-" + UUID.randomUUID();

    private SparkCandidates(JavaSparkContext context, Broadcast<ProcessTrainer<T>> trainer) {
        this.context = context;
        this.trainer = trainer;
    }

    /**
     * A runner for trainers that need no files.
     *
     * @param context where tasks run; must not be stopped before the sweep ends
     * @param opener opens the trainer, once a process
     * @param <T> what the space draws
     * @return the runner
     * @throws RunnerException if the opener cannot be sent
     */
    public static <T> SparkCandidates<T> on(JavaSparkContext context, TrainerOpener<T> opener) {
        return on(context, opener, Map.of());
    }

    /**
     * A runner for trainers that need files, which the driver sends: no file system that all
     * processes see is needed.
     *
     * @param context where tasks run; must not be stopped before the sweep ends
     * @param opener opens the trainer, once a process
     * @param files by the place that each gets in the opener's folder, such as {@code
     *     model/model.safetensors}; copied once here and once a process
     * @param <T> what the space draws
     * @return the runner
     * @throws RunnerException if the opener cannot be sent
     * @throws UncheckedIOException if a file cannot be read
     */
    public static <T> SparkCandidates<T> on(
            JavaSparkContext context, TrainerOpener<T> opener, Map<String, Path> files) {
        Sendable.require(opener);
        SentFiles sent;
        try {
            sent = SentFiles.of(context, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e.toString(), e);
        }
        try {
            return new SparkCandidates<>(
                    context, context.broadcast(new ProcessTrainer<>(opener, sent)));
        } catch (Exception e) { // Scala declares nothing
            throw new RunnerException(SparkFailure.cause(e), e);
        }
    }

    @Override
    public ResultRow run(CandidateJob<T> job, Path folder) throws InterruptedException {
        long start = System.nanoTime();
        try {
            TrainedCandidate trained = await(submit(job));
            if (!trained.problem().isEmpty()) {
                throw new RunnerException(trained.problem());
            }
            trained.write(folder);
            return trained.row();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            double seconds = (System.nanoTime() - start) / 1e9;
            return SparkFailure.lostProcess(cause)
                    .map(why -> failed(job.index(), why, seconds))
                    .orElseThrow(() -> failure(cause));
        } catch (CancellationException e) {
            throw failure(e);
        }
    }

    private JavaFutureAction<List<TrainedCandidate>> submit(CandidateJob<T> job) {
        Sendable.require(job);
        try {
            context.setJobGroup(group, "candidate " + job.index(), true);
            return context.parallelize(List.of(job.index()), 1)
                    .map(new CandidateTask<>(job, trainer))
                    .collectAsync();
        } catch (Exception e) { // Scala declares nothing
            throw failure(e);
        }
    }

    private static TrainedCandidate await(JavaFutureAction<List<TrainedCandidate>> action)
            throws InterruptedException, ExecutionException {
        try {
            return action.get().get(0);
        } catch (InterruptedException e) {
            action.cancel(true);
            throw e;
        }
    }

    private RunnerException failure(Throwable thrown) {
        String what =
                context.sc().isStopped()
                        ? "Spark's context has ended: "
                        : "Spark could not train candidates: ";
        return new RunnerException(
                what + SparkFailure.cause(thrown) + "; run the sweep again to go on", thrown);
    }

    private static ResultRow failed(int index, String cause, double seconds) {
        return new ResultRow(
                index, CandidateState.FAILED, cause, List.of(), Map.of(), new double[0], seconds);
    }

    /** Lets the processes forget the trainer. */
    @Override
    public void close() {
        trainer.unpersist();
    }
}
