package org.learningdynamics.sweep;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Draws candidates round by round and hands them to the workers. */
final class SweepRounds<T> {
    private final CandidateDraws<T> draws;
    private final CandidateTasks<T> tasks;
    private final Limits limits;
    private final int roundSize;
    private final InstantSource clock;
    private final Optional<Instant> deadline;
    private boolean isOver;

    SweepRounds(
            CandidateDraws<T> draws,
            CandidateTasks<T> tasks,
            Limits limits,
            boolean isRoundBound,
            InstantSource clock,
            Consumer<SweepProgress> progress) {
        this.draws = draws;
        this.tasks = tasks;
        this.limits = limits;
        this.clock = clock;
        roundSize = isRoundBound ? limits.round() : Integer.MAX_VALUE;
        deadline = limits.time().map(time -> clock.instant().plus(time));
        tasks.show(progress, total());
    }

    private OptionalInt total() {
        int most = limits.candidates().orElse(Integer.MAX_VALUE);
        if (draws.total().isPresent()) {
            return OptionalInt.of(Math.min(most, draws.total().getAsInt()));
        }
        return limits.candidates().isPresent() ? OptionalInt.of(most) : OptionalInt.empty();
    }

    void run() throws InterruptedException {
        try {
            while (!isOver) {
                List<CandidateDraws.Drawn<T>> round = round();
                tasks.await();
                round.forEach(drawn -> draws.report(drawn, tasks.result(drawn.index())));
            }
        } finally {
            tasks.giveUp();
        }
    }

    private List<CandidateDraws.Drawn<T>> round() throws InterruptedException {
        List<double[]> earlier = roundSize == Integer.MAX_VALUE ? List.of() : tasks.curves();
        List<CandidateDraws.Drawn<T>> round = new ArrayList<>();
        while (round.size() < roundSize && !isOver) {
            Optional<CandidateDraws.Drawn<T>> next = isEnough() ? Optional.empty() : draws.next();
            isOver = next.isEmpty();
            if (next.isPresent()) {
                tasks.begin(next.get(), earlier);
                round.add(next.get());
            }
        }
        return round;
    }

    /** The time stops what would have to be trained, not what is only read. */
    private boolean isEnough() {
        boolean isLate = deadline.filter(end -> !clock.instant().isBefore(end)).isPresent();
        return draws.count() >= limits.candidates().orElse(Integer.MAX_VALUE)
                || (isLate && !tasks.hasResult(draws.count()));
    }
}
