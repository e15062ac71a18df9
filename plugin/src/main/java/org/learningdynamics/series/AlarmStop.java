package org.learningdynamics.series;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;

/**
 * Asks training to stop as soon as its recording shows one of some alarms.
 *
 * <pre>{@code
 * AlarmStop stop = AlarmStop.on(Alarm.SQUEEZING, Alarm.NAN);
 * DynamicsListener listener =
 *         DynamicsListener.builder(net).probes(probes).recordTo(file, header).stopOn(stop).build();
 * }</pre>
 *
 * <p>It looks at what a recorder is given: all metrics at once, likelihoods and predictions at each
 * recording, of which it keeps the last five in memory. The rules are those of {@link Alarms}, over
 * these recordings; what is only told (severity {@code INFO}) does not stop. The first alarm is
 * kept and recorded as the event {@value #EVENT}. Whether training stops is up to the host: the
 * listeners and training loops of this library do, DL4J's {@code fit} only under early stopping.
 *
 * <p>An object serves one run. {@link #raised()} may be called from any thread. Costs the alarms'
 * resampling a recording, and the rules on metrics, over at most 20 values each, for every metric.
 */
public final class AlarmStop {
    /** Code of the event that says why training was asked to stop. */
    public static final String EVENT = "stop_asked";

    private final Set<String> codes;
    private final AtomicBoolean used = new AtomicBoolean();
    private volatile @Nullable Alarm raised;

    private AlarmStop(Set<String> codes) {
        this.codes = codes;
    }

    /**
     * Chooses the alarms.
     *
     * @param codes some of {@link Alarm#CODES}
     * @return a stop for one run
     * @throws IllegalArgumentException if there is none or an unknown one
     */
    public static AlarmStop on(String... codes) {
        return on(List.of(codes));
    }

    /**
     * Chooses the alarms.
     *
     * @param codes some of {@link Alarm#CODES}
     * @return a stop for one run
     * @throws IllegalArgumentException if there is none or an unknown one
     */
    public static AlarmStop on(Collection<String> codes) {
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("alarms to stop on must not be empty, got none");
        }
        for (String code : codes) {
            if (!Alarm.CODES.contains(code)) {
                throw new IllegalArgumentException(
                        "alarm to stop on must be one of " + Alarm.CODES + ", got " + code);
            }
        }
        return new AlarmStop(new TreeSet<>(codes));
    }

    /**
     * The alarm that asks for the stop.
     *
     * @return the first alarm, empty as long as there was none
     */
    public Optional<Alarm> raised() {
        return Optional.ofNullable(raised);
    }

    /**
     * Whether training should stop.
     *
     * @return true from the first alarm on
     */
    public boolean isRaised() {
        return raised != null;
    }

    /**
     * Looks at everything that goes to a recorder.
     *
     * @param recorder where it goes
     * @param header where the run comes from: its stage and method decide which rules hold
     * @return a recorder that hands everything on
     * @throws IllegalStateException if this object serves a run already
     */
    public Recorder watching(Recorder recorder, RunHeader header) {
        return watching(recorder, RunLoader.header(header));
    }

    /**
     * Looks at everything that goes to a recorder, of a run of which nothing is known.
     *
     * @param recorder where it goes
     * @return a recorder that hands everything on
     * @throws IllegalStateException if this object serves a run already
     */
    public Recorder watching(Recorder recorder) {
        return watching(recorder, Map.of());
    }

    private Recorder watching(Recorder recorder, Map<String, String> header) {
        if (used.getAndSet(true)) {
            throw new IllegalStateException("an AlarmStop serves one run, got a second one");
        }
        return new WatchingRecorder(recorder, new AlarmWindow(header), this);
    }

    /** Takes the first alarm that counts; tells which, if it came just now. */
    Optional<Alarm> take(List<Alarm> alarms) {
        if (isRaised()) {
            return Optional.empty();
        }
        Optional<Alarm> first =
                alarms.stream()
                        .filter(alarm -> codes.contains(alarm.code()))
                        .filter(alarm -> alarm.severity() != Severity.INFO)
                        .findFirst();
        first.ifPresent(alarm -> raised = alarm);
        return first;
    }

    @Override
    public String toString() {
        return "AlarmStop" + codes;
    }
}
