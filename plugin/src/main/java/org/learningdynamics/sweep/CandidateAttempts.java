package org.learningdynamics.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;

/** Hands candidates to where they are trained, within a memory budget. */
final class CandidateAttempts<T> {
    private final CandidateTrainer<T> trainer;
    private final CandidateRunner<T> runner;
    private final List<Score> scores;
    private final StoppingRules rules;
    private final Path folder;
    private final String identity;
    private final MemoryBudget memory;

    CandidateAttempts(
            CandidateTrainer<T> trainer,
            CandidateRunner<T> runner,
            List<Score> scores,
            StoppingRules rules,
            Path folder,
            long memoryBytes) {
        this.trainer = trainer;
        this.runner = runner;
        this.scores = scores;
        this.rules = rules;
        this.folder = folder;
        identity = trainer.identity();
        memory = new MemoryBudget(memoryBytes);
    }

    /** The score that ranks. */
    Score first() {
        return scores.get(0);
    }

    /** What became of a candidate; throws what is not the candidate's fault. */
    ResultRow attempt(CandidateDraws.Drawn<T> drawn, List<double[]> earlier)
            throws InterruptedException {
        long start = System.nanoTime();
        CandidateJob<T> job;
        long bytes;
        try {
            T value = drawn.value();
            job = new CandidateJob<>(drawn.index(), value, identity, scores, rules, earlier);
            bytes = trainer.memoryBytes(value);
            memory.requireFits(bytes);
        } catch (Throwable e) {
            return failed(drawn.index(), e, CandidateJob.seconds(start));
        }
        memory.take(bytes);
        try {
            removeLeftOver(drawn.index());
            return runner.run(job, folder);
        } finally {
            memory.give(bytes);
        }
    }

    private static ResultRow failed(int index, Throwable thrown, double seconds) {
        return new ResultRow(
                index,
                CandidateState.FAILED,
                CandidateFailure.cause(thrown),
                List.of(),
                Map.of(),
                new double[0],
                seconds);
    }

    /** Files of a candidate that an earlier process did not end. */
    private void removeLeftOver(int index) {
        Path runs = folder.resolve(CandidateJob.RUNS);
        String glob = CandidateWork.prefix(index) + "-*";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(runs, glob)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(runs + ": " + e.getMessage(), e);
        }
    }
}
