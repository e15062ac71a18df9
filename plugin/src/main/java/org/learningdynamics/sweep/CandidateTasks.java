package org.learningdynamics.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.learningdynamics.sweep.record.CandidateRow;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.Goal;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepWriter;

/**
 * Trains candidates on some threads, within a memory budget, and writes each result before telling
 * anybody. Begun and awaited by one thread.
 */
final class CandidateTasks<T> {
    private static final long GIVE_UP_SECONDS = 60;

    private final CandidateTrainer<T> trainer;
    private final List<Score> scores;
    private final StoppingRules rules;
    private final Path runs;
    private final SweepWriter writer;
    private final MemoryBudget memory;
    private final Semaphore slots;
    private final ExecutorService workers;
    private final Map<Integer, CandidateRow> known = new TreeMap<>();
    private final Map<Integer, ResultRow> results = new TreeMap<>();
    private final List<Future<?>> underWay = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private Consumer<SweepProgress> progress = at -> {};
    private OptionalInt total = OptionalInt.empty();
    private volatile boolean isGivenUp;

    CandidateTasks(
            CandidateTrainer<T> trainer,
            List<Score> scores,
            StoppingRules rules,
            Path runs,
            SweepWriter writer,
            Resources resources) {
        this.trainer = trainer;
        this.scores = scores;
        this.rules = rules;
        this.runs = runs;
        this.writer = writer;
        memory = new MemoryBudget(resources.memoryBytes());
        slots = new Semaphore(resources.workers());
        AtomicInteger number = new AtomicInteger();
        workers =
                Executors.newFixedThreadPool(
                        resources.workers(),
                        work -> {
                            Thread thread = new Thread(work, "sweep-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        writer.before().candidates().forEach(row -> known.put(row.index(), row));
        writer.before().results().forEach(row -> results.put(row.index(), row));
    }

    synchronized void show(Consumer<SweepProgress> told, OptionalInt all) {
        progress = told;
        total = all;
        tell();
    }

    synchronized boolean hasResult(int index) {
        return results.containsKey(index);
    }

    synchronized ResultRow result(int index) {
        ResultRow result = results.get(index);
        if (result == null) {
            throw new IllegalStateException("candidate " + index + " must have ended");
        }
        return result;
    }

    /** Curves of all that ended and did not fail, by number. */
    synchronized List<double[]> curves() {
        return results.values().stream()
                .filter(result -> result.state() != CandidateState.FAILED)
                .map(ResultRow::curve)
                .toList();
    }

    /** Trains a candidate unless it has a result; waits for a free worker and memory. */
    void begin(CandidateDraws.Drawn<T> drawn, List<double[]> earlier) throws InterruptedException {
        CandidateRow before = known.get(drawn.index());
        if (before == null) {
            writer.write(drawn.row());
        } else if (!before.equals(drawn.row())) {
            throw new IllegalStateException(
                    "candidate "
                            + drawn.index()
                            + " must be what the file holds, "
                            + before.parameters()
                            + ", the search drew "
                            + drawn.row().parameters());
        }
        if (hasResult(drawn.index())) {
            return;
        }
        slots.acquire();
        requireWritten();
        running.incrementAndGet();
        underWay.add(workers.submit(() -> work(drawn, earlier)));
    }

    private Void work(CandidateDraws.Drawn<T> drawn, List<double[]> earlier)
            throws InterruptedException {
        try {
            ResultRow result = attempt(drawn, earlier);
            if (!isGivenUp) {
                running.decrementAndGet();
                keep(result);
            }
            return null;
        } finally {
            slots.release();
        }
    }

    private synchronized void keep(ResultRow result) {
        writer.write(result);
        results.put(result.index(), result);
        tell();
    }

    private void tell() {
        Goal goal = scores.get(0).goal();
        String first = scores.get(0).label();
        Comparator<ResultRow> better =
                (a, b) -> goal.isBetter(a.score(first), b.score(first)) ? -1 : 1;
        Optional<ResultRow> best = Optional.empty();
        int failed = 0;
        for (ResultRow result : results.values()) {
            failed += result.state() == CandidateState.FAILED ? 1 : 0;
            boolean isScored = !Double.isNaN(result.score(first));
            if (isScored && (best.isEmpty() || better.compare(result, best.get()) < 0)) {
                best = Optional.of(result);
            }
        }
        progress.accept(new SweepProgress(results.size(), total, running.get(), failed, best));
    }

    private ResultRow attempt(CandidateDraws.Drawn<T> drawn, List<double[]> earlier)
            throws InterruptedException {
        long start = System.nanoTime();
        CandidateWork work = new CandidateWork(drawn.index(), runs, trainer.kind(), rules, earlier);
        long taken = 0;
        try {
            T value = drawn.value();
            long bytes = trainer.memoryBytes(value);
            memory.requireFits(bytes);
            memory.take(bytes);
            taken = bytes;
            removeLeftOver(drawn.index());
            Outcome outcome = trainer.train(value, work);
            return ended(drawn.index(), work, outcome, seconds(start));
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            return failed(drawn.index(), work, CandidateFailure.cause(e), seconds(start));
        } finally {
            memory.give(taken);
        }
    }

    private ResultRow ended(int index, CandidateWork work, Outcome outcome, double seconds) {
        List<Path> files = work.files();
        CandidateScores read = new CandidateScores(files.get(files.size() - 1), trainer.kind());
        Map<String, Double> values = read.of(scores, outcome.scores(), seconds);
        String first = scores.get(0).label();
        if (Double.isNaN(values.getOrDefault(first, Double.NaN))) {
            return failed(index, work, first + " is not a number", seconds);
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

    private ResultRow failed(int index, CandidateWork work, String cause, double seconds) {
        return new ResultRow(
                index, CandidateState.FAILED, cause, names(work), Map.of(), new double[0], seconds);
    }

    private List<String> names(CandidateWork work) {
        return work.files().stream()
                .filter(Files::exists)
                .map(file -> runs.getFileName() + "/" + file.getFileName())
                .toList();
    }

    /** Files of a candidate that an earlier process did not end. */
    private void removeLeftOver(int index) {
        String glob = CandidateWork.prefix(index) + "-*";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(runs, glob)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(runs + ": " + e.getMessage(), e);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Waits for all that was begun; what a worker could not write is thrown here. */
    void await() throws InterruptedException {
        for (Future<?> future : underWay) {
            take(future);
        }
        underWay.clear();
    }

    private void requireWritten() throws InterruptedException {
        for (Future<?> future : underWay) {
            if (future.isDone()) {
                take(future);
            }
        }
        underWay.removeIf(Future::isDone);
    }

    private static void take(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("a worker failed", e.getCause());
        }
    }

    /** Gives up what is under way, without results. */
    void giveUp() throws InterruptedException {
        isGivenUp = true;
        workers.shutdownNow();
        boolean isEnded = workers.awaitTermination(GIVE_UP_SECONDS, TimeUnit.SECONDS);
        if (!isEnded) {
            throw new IllegalStateException(
                    "workers must end within " + GIVE_UP_SECONDS + " s, some did not");
        }
    }
}
