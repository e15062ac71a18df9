package org.learningdynamics.sweep;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;

/**
 * One candidate to be trained, with everything but the trainer that decides its result. Java can
 * send it to another process if it can send what the space draws.
 *
 * @param <T> what the space draws
 */
public final class CandidateJob<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The folder of the run files in a sweep's folder. */
    static final String RUNS = "runs";

    private final int index;
    private final T value;
    private final String identity;
    private final ArrayList<Score> scores;
    private final StoppingRules rules;
    private final ArrayList<double[]> earlier;

    CandidateJob(
            int index,
            T value,
            String identity,
            List<Score> scores,
            StoppingRules rules,
            List<double[]> earlier) {
        this.index = index;
        this.value = value;
        this.identity = identity;
        this.scores = new ArrayList<>(scores);
        this.rules = rules;
        this.earlier = new ArrayList<>(earlier);
    }

    /**
     * The candidate's number.
     *
     * @return from 0
     */
    public int index() {
        return index;
    }

    /**
     * What must train it.
     *
     * @return the {@link CandidateTrainer#identity} of the sweep's trainer
     */
    public String identity() {
        return identity;
    }

    /**
     * Trains and scores the candidate on this thread. Whatever its training throws makes it a
     * failed one with a cause, an {@link OutOfMemoryError} too.
     *
     * @param trainer the sweep's, or one of the same identity
     * @param folder gets the run files, at the places that the result names
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted
     * @throws UncheckedIOException if the folder cannot be written
     */
    public ResultRow run(CandidateTrainer<T> trainer, Path folder) throws InterruptedException {
        long start = System.nanoTime();
        Path runs = runs(folder);
        CandidateWork work = new CandidateWork(index, runs, trainer.kind(), rules, earlier);
        try {
            Outcome outcome = trainer.train(value, work);
            return ended(work, trainer.kind(), outcome, seconds(start));
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            return failed(work, CandidateFailure.cause(e), seconds(start));
        }
    }

    private static Path runs(Path folder) {
        try {
            return Files.createDirectories(folder.resolve(RUNS));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        }
    }

    private ResultRow ended(CandidateWork work, String kind, Outcome outcome, double seconds) {
        List<Path> files = work.files();
        CandidateScores read = new CandidateScores(files.get(files.size() - 1), kind);
        Map<String, Double> values = read.of(scores, outcome.scores(), seconds);
        String first = scores.get(0).label();
        if (Double.isNaN(values.getOrDefault(first, Double.NaN))) {
            return failed(work, first + " is not a number", seconds);
        }
        return new ResultRow(
                index,
                outcome.stopped().isPresent() ? CandidateState.STOPPED : CandidateState.DONE,
                outcome.stopped().orElse(""),
                names(work),
                values,
                read.curve(rules.curve()),
                seconds);
    }

    private ResultRow failed(CandidateWork work, String cause, double seconds) {
        return new ResultRow(
                index, CandidateState.FAILED, cause, names(work), Map.of(), new double[0], seconds);
    }

    private static List<String> names(CandidateWork work) {
        return work.files().stream()
                .filter(Files::exists)
                .map(file -> RUNS + "/" + file.getFileName())
                .toList();
    }

    static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
