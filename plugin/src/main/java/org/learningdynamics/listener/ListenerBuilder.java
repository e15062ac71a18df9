package org.learningdynamics.listener;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunFileRecorderBuilder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.series.AlarmStop;

/**
 * The settings that both listeners have.
 *
 * @param <B> the builder's own type
 */
abstract class ListenerBuilder<B extends ListenerBuilder<B>> {
    /** Default of {@link #schedule}: every 100 updates, and the state before the first. */
    public static final Schedule DEFAULT_SCHEDULE = Schedule.every(100);

    private @Nullable Probes probes;
    private @Nullable Supplier<Recorder> recorder;
    private Optional<AlarmStop> stop = Optional.empty();
    private Schedule schedule = DEFAULT_SCHEDULE;
    private ListenerSettings.Ownership ownership = ListenerSettings.Ownership.USER;
    private TokenDetail tokens = TokenDetail.NONE;
    private Optional<DistributionOptions> distributions = Optional.empty();
    private long firstIteration;
    private InstantSource clock = InstantSource.system();
    private Optional<InfluenceOptions> influence = Optional.empty();

    ListenerBuilder() {}

    abstract B self();

    /**
     * What to watch; required.
     *
     * @param watched the probes
     * @return this builder
     */
    public B probes(Probes watched) {
        this.probes = watched;
        return self();
    }

    /**
     * When to record.
     *
     * @param when the schedule; by default every 100 updates and before the first
     * @return this builder
     */
    public B schedule(Schedule when) {
        this.schedule = when;
        return self();
    }

    /**
     * Where measurements go; required. The listener does not close it.
     *
     * @param sink the recorder
     * @return this builder
     */
    public B recorder(Recorder sink) {
        this.recorder = () -> sink;
        this.ownership = ListenerSettings.Ownership.USER;
        return self();
    }

    /**
     * Where measurements go, in place of {@link #recorder}: a run file that the listener opens when
     * it is built and closes when it is closed. An existing file is continued after {@link
     * #firstIteration}.
     *
     * @param file the run file, by custom ending in {@code .ldyn}
     * @param header where the run comes from
     * @return this builder
     */
    public B recordTo(Path file, RunHeader header) {
        this.recorder = () -> open(file, header);
        this.ownership = ListenerSettings.Ownership.LISTENER;
        return self();
    }

    private Recorder open(Path file, RunHeader header) {
        Probes watched = required("probes", probes);
        RunFileRecorderBuilder settings =
                RunFileRecorder.builder(file, header)
                        .probes(watched.probeRows())
                        .responses(watched.responseRows());
        return (firstIteration == 0 ? settings : settings.continueFrom(firstIteration)).build();
    }

    /**
     * Whether single tokens are recorded.
     *
     * @param detail none by default
     * @return this builder
     */
    public B tokens(TokenDetail detail) {
        this.tokens = detail;
        return self();
    }

    /**
     * Records the distributions at single positions, and single tokens with them: what probability
     * moved from where to where, the squeezing picture of the report.
     *
     * @param options how much; none by default
     * @return this builder
     */
    public B distributions(DistributionOptions options) {
        this.distributions = Optional.of(options);
        return self();
    }

    /**
     * For a continued run: how many updates were done before. The listener counts from there; the
     * state before its first update is recorded only if it is due and the recorder lacks it.
     *
     * @param updatesDone at least 0, the default
     * @return this builder
     * @throws IllegalArgumentException if negative
     */
    public B firstIteration(long updatesDone) {
        if (updatesDone < 0) {
            throw new IllegalArgumentException("firstIteration must be >= 0, got " + updatesDone);
        }
        this.firstIteration = updatesDone;
        return self();
    }

    /**
     * The wall clock of the recordings.
     *
     * @param source the system's by default
     * @return this builder
     */
    public B clock(InstantSource source) {
        this.clock = source;
        return self();
    }

    /**
     * Measures at each recording that follows an update which example of its batch moved which
     * response, what the update was going to change to first order, and what it did change.
     *
     * @param options how; {@link InfluenceOptions#defaults()} suits classifiers and single
     *     responses
     * @return this builder
     */
    public B influence(InfluenceOptions options) {
        this.influence = Optional.of(options);
        return self();
    }

    /**
     * Asks training to stop when the recording shows one of some alarms; by default nothing does.
     * SameDiff's {@code fit} then ends after the epoch, this library's training loops after the
     * update, DL4J's early-stopping trainers after the update if their configuration has an {@link
     * AlarmTermination}; DL4J's {@code fit} knows no way to be stopped by a listener.
     *
     * @param alarms which alarms; for this run only
     * @return this builder
     */
    public B stopOn(AlarmStop alarms) {
        this.stop = Optional.of(alarms);
        return self();
    }

    Optional<AlarmStop> stop() {
        return stop;
    }

    private Recorder watched(Recorder sink) {
        return stop.map(
                        alarms ->
                                sink.header()
                                        .map(header -> alarms.watching(sink, header))
                                        .orElseGet(() -> alarms.watching(sink)))
                .orElse(sink);
    }

    Optional<InfluenceOptions> influence() {
        return influence;
    }

    private void requireSelectionsFit() {
        influence.ifPresent(
                options ->
                        options.responses().requireKnown("influence", required("probes", probes)));
        distributions.ifPresent(
                options ->
                        options.responses()
                                .requireKnown("distributions", required("probes", probes)));
    }

    ListenerSettings settings() {
        requireSelectionsFit();
        return new ListenerSettings(
                required("probes", probes),
                schedule,
                watched(required("recorder", recorder).get()),
                ownership,
                distributions.isPresent() ? TokenDetail.ALL : tokens,
                distributions,
                firstIteration,
                clock);
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(name + " must be given before build()");
        }
        return value;
    }
}
