package org.learningdynamics.listener;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * When a listener records. Iteration {@code k} means "after {@code k} parameter updates"; 0 is the
 * state before the first, which every schedule records unless {@link #withoutInitial()} is called.
 *
 * <p>Schedules are immutable; {@link #and} joins them, and a moment that two of them name is
 * recorded once.
 */
public final class Schedule implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Which numbers of updates are due. */
    @FunctionalInterface
    private interface Rule extends Serializable {
        boolean isDue(long iteration);
    }

    /** Moments that are no multiple of anything. */
    private enum Moment {
        INITIAL("initial"),
        EPOCH_END("every epoch"),
        FINISH("at the end");

        private final String text;

        Moment(String text) {
            this.text = text;
        }
    }

    private final String rule;
    private final Rule due;
    private final EnumSet<Moment> moments;

    private Schedule(String rule, Rule due, EnumSet<Moment> moments) {
        this.rule = rule;
        this.due = due;
        this.moments = moments;
    }

    /**
     * After every {@code n} updates: n, 2n, 3n, …
     *
     * @param n at least 1
     * @return the schedule
     * @throws IllegalArgumentException if n is less than 1
     */
    public static Schedule every(long n) {
        return every(n, n);
    }

    /**
     * After {@code first} updates and then every {@code n}: first, first + n, first + 2n, …
     *
     * @param n at least 1
     * @param first at least 1
     * @return the schedule
     * @throws IllegalArgumentException if n or first is less than 1
     */
    public static Schedule every(long n, long first) {
        requireAtLeastOne("n", n);
        requireAtLeastOne("first", first);
        String text = "every " + n + (first == n ? "" : ", first at " + first);
        return of(text, k -> k >= first && (k - first) % n == 0);
    }

    /**
     * At the end of every epoch. Hosts know no epochs when they are given single data sets ({@code
     * fit(DataSet)}): then there is no such moment.
     *
     * @return the schedule
     */
    public static Schedule perEpoch() {
        return new Schedule("", k -> false, EnumSet.of(Moment.INITIAL, Moment.EPOCH_END));
    }

    /**
     * At iterations evenly spaced on a logarithmic scale: {@code 10^(i/perDecade)}, rounded, each
     * once, up to {@code max}; nothing after that.
     *
     * @param perDecade recordings per factor of ten, at least 1
     * @param max last iteration that may be recorded, at least 1
     * @return the schedule
     * @throws IllegalArgumentException if an argument is less than 1
     */
    public static Schedule logSpaced(int perDecade, long max) {
        requireAtLeastOne("perDecade", perDecade);
        requireAtLeastOne("max", max);
        TreeSet<Long> points = new TreeSet<>();
        long point = 1;
        for (int i = 1; point <= max && point > 0; i++) {
            points.add(point);
            double next = Math.rint(Math.pow(10, (double) i / perDecade));
            point = next < Long.MAX_VALUE ? (long) next : -1;
        }
        return of(perDecade + " per decade up to " + max, points::contains);
    }

    /**
     * After exactly these numbers of updates.
     *
     * @param iterations at least one; 0 is the initial state, which is recorded anyway
     * @return the schedule
     * @throws IllegalArgumentException if there is none or one is negative
     */
    public static Schedule at(long... iterations) {
        if (iterations.length == 0) {
            throw new IllegalArgumentException("iterations must hold at least one, got 0");
        }
        TreeSet<Long> points = new TreeSet<>();
        for (long iteration : iterations) {
            if (iteration < 0) {
                throw new IllegalArgumentException("iteration must be >= 0, got " + iteration);
            }
            points.add(iteration);
        }
        return of("at " + Arrays.toString(iterations), points::contains);
    }

    private static Schedule of(String rule, Rule due) {
        return new Schedule(rule, due, EnumSet.of(Moment.INITIAL));
    }

    private static void requireAtLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }

    /**
     * Both schedules: what either names is recorded.
     *
     * @param other another schedule
     * @return the union
     */
    public Schedule and(Schedule other) {
        EnumSet<Moment> both = EnumSet.noneOf(Moment.class);
        both.addAll(moments);
        both.addAll(other.moments);
        String joined =
                rule.isEmpty() || other.rule.isEmpty()
                        ? rule + other.rule
                        : rule + "; " + other.rule;
        Rule first = due;
        Rule second = other.due;
        return new Schedule(joined, k -> first.isDue(k) || second.isDue(k), both);
    }

    /**
     * Also the state before the first update; the default.
     *
     * @return a schedule that records it
     */
    public Schedule withInitial() {
        return with(Moment.INITIAL);
    }

    /**
     * Not the state before the first update.
     *
     * @return a schedule that leaves it out
     */
    public Schedule withoutInitial() {
        EnumSet<Moment> fewer = EnumSet.noneOf(Moment.class);
        fewer.addAll(moments);
        fewer.remove(Moment.INITIAL);
        return new Schedule(rule, due, fewer);
    }

    /**
     * Also the state when the listener is closed; no host tells a listener which update is the
     * last.
     *
     * @return a schedule that records it
     */
    public Schedule withFinal() {
        return with(Moment.FINISH);
    }

    private Schedule with(Moment moment) {
        EnumSet<Moment> more = EnumSet.of(moment);
        more.addAll(moments);
        return new Schedule(rule, due, more);
    }

    /**
     * Whether the state after {@code iteration} updates is due.
     *
     * @param iteration updates done, at least 0
     * @return true if it is to be recorded
     */
    public boolean isDue(long iteration) {
        return iteration == 0 ? recordsInitial() : due.isDue(iteration);
    }

    /**
     * Whether the state before the first update is recorded.
     *
     * @return true by default
     */
    public boolean recordsInitial() {
        return moments.contains(Moment.INITIAL);
    }

    /**
     * Whether the state at the end of each epoch is recorded.
     *
     * @return true for {@link #perEpoch()}
     */
    public boolean recordsEpochEnds() {
        return moments.contains(Moment.EPOCH_END);
    }

    /**
     * Whether the state when the listener is closed is recorded.
     *
     * @return true after {@link #withFinal()}
     */
    public boolean recordsFinal() {
        return moments.contains(Moment.FINISH);
    }

    /**
     * The schedule in words, for a run's provenance.
     *
     * @return such as {@code every 100, initial}
     */
    @Override
    public String toString() {
        String named = moments.stream().map(m -> m.text).collect(Collectors.joining(", "));
        return rule.isEmpty() || named.isEmpty() ? rule + named : rule + ", " + named;
    }
}
