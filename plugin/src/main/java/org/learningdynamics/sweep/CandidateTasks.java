package org.learningdynamics.sweep;

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
 * Has candidates trained by some threads and writes each result before telling anybody. Begun and
 * awaited by one thread.
 */
final class CandidateTasks<T> {
    private static final long GIVE_UP_SECONDS = 60;

    private final CandidateAttempts<T> attempts;
    private final SweepWriter writer;
    private final Semaphore slots;
    private final ExecutorService workers;
    private final Map<Integer, CandidateRow> known = new TreeMap<>();
    private final Map<Integer, ResultRow> results = new TreeMap<>();
    private final List<Future<?>> underWay = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private Consumer<SweepProgress> progress = at -> {};
    private OptionalInt total = OptionalInt.empty();
    private volatile boolean isGivenUp;

    CandidateTasks(CandidateAttempts<T> attempts, SweepWriter writer, int most) {
        this.attempts = attempts;
        this.writer = writer;
        slots = new Semaphore(most);
        AtomicInteger number = new AtomicInteger();
        workers =
                Executors.newFixedThreadPool(
                        most,
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
            ResultRow result = attempts.attempt(drawn, earlier);
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
        Goal goal = attempts.first().goal();
        String first = attempts.first().label();
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
