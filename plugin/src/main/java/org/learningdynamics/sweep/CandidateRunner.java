package org.learningdynamics.sweep;

import java.nio.file.Path;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * Where a sweep's candidates are trained. Without another, a sweep trains them on its own threads;
 * {@code org.learningdynamics.spark.SparkCandidates} trains them as tasks of a cluster.
 *
 * @param <T> what the space draws
 */
@FunctionalInterface
public interface CandidateRunner<T> {
    /**
     * Trains one candidate and gives its result, which must be what {@link CandidateJob#run} gives
     * with the sweep's trainer. When it returns, the run files that the result names are whole in
     * the sweep's folder. Called by several threads at once, for different candidates.
     *
     * @param job the candidate
     * @param folder the sweep's folder
     * @return what became of the candidate, also if it failed
     * @throws InterruptedException if the sweep gives the candidate up
     * @throws RunnerException if the place failed and not the candidate: the sweep ends, and trains
     *     the candidate when it is resumed
     */
    ResultRow run(CandidateJob<T> job, Path folder) throws InterruptedException;
}
