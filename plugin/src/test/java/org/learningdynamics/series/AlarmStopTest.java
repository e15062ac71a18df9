package org.learningdynamics.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;

class AlarmStopTest {
    private static final int PROBES = 20;
    private static final RunHeader DPO =
            RunHeader.builder("run", Instant.EPOCH).stage("dpo").build();

    private final KeptMeasurements sink = new KeptMeasurements();

    /** Chosen rises until recording 4 and falls after it; rejected falls, argmax rises. */
    private static SyntheticRun squeezed() {
        return SyntheticRun.of("dpo", 12, PROBES)
                .kind("chosen", (t, i) -> -50 + (t < 4 ? t : 8 - t) + noise(t, i))
                .kind("rejected", (t, i) -> -60 - 2 * t + noise(t, i))
                .argmax((t, i) -> -20 + 0.5 * t + noise(t, i));
    }

    private static double noise(int t, int i) {
        return 0.1 * SyntheticRun.noise(t, i);
    }

    private static StepRecording recording(SyntheticRun run, int t, List<ShiftRow> shifts) {
        return new StepRecording(
                run.steps().get(t),
                run.likelihoods(t),
                List.of(),
                List.of(),
                new Interactions(List.of(), List.of(), List.of(), shifts, List.of(), List.of()));
    }

    /** The recording after which the stop is raised. */
    private int raisedAt(AlarmStop stop, Recorder recorder, SyntheticRun run) {
        for (int t = 0; t < run.steps().size(); t++) {
            recorder.record(recording(run, t, List.of()));
            if (stop.isRaised()) {
                return t;
            }
        }
        return -1;
    }

    @Test
    void raisesAtTheRecordingThatShowsWhatTheWholeRunShows() {
        AlarmStop stop = AlarmStop.on(Alarm.SQUEEZING, Alarm.DISPLACEMENT);
        int at = raisedAt(stop, stop.watching(sink, DPO), squeezed());
        Alarm whole = Alarms.of(squeezed().build()).get(0);
        assertEquals(whole.firstStep() + FallingChosenRule.WINDOW - 1, at);
        Alarm raised = stop.raised().orElseThrow();
        assertEquals(whole.code(), raised.code());
        assertEquals(whole.firstStep(), raised.firstStep());
        assertEquals(whole.advice(), raised.advice());
    }

    @Test
    void handsEverythingOnAndRecordsWhyOnce() {
        AlarmStop stop = AlarmStop.on(Alarm.SQUEEZING);
        Recorder recorder = stop.watching(sink, DPO);
        for (int t = 0; t < 12; t++) {
            recorder.record(recording(squeezed(), t, List.of()));
        }
        List<Event> events = sink.only(Event.class);
        assertEquals(12, sink.only(StepRecording.class).size());
        assertEquals(1, events.size());
        assertEquals(AlarmStop.EVENT, events.get(0).code());
        assertEquals(7, events.get(0).step());
        assertEquals(
                "training was asked to stop: " + stop.raised().orElseThrow().message(),
                events.get(0).message());
    }

    @Test
    void otherAlarmsAndThoseThatAreOnlyToldDoNotStop() {
        AlarmStop other = AlarmStop.on(Alarm.NAN);
        assertEquals(-1, raisedAt(other, other.watching(sink, DPO), squeezed()));
        AlarmStop told = AlarmStop.on(Alarm.DISPLACEMENT);
        RunHeader sft = RunHeader.builder("run", Instant.EPOCH).stage("sft").build();
        SyntheticRun falling = squeezed().argmax((t, i) -> -20 - t);
        assertEquals(
                Severity.INFO, Alarms.of(falling.header("stage", "sft").build()).get(0).severity());
        assertEquals(-1, raisedAt(told, told.watching(sink, sft), falling));
        assertEquals(Optional.empty(), told.raised());
    }

    @Test
    void nanStopsAtItsUpdate() {
        AlarmStop stop = AlarmStop.on(Alarm.NAN);
        Recorder recorder = stop.watching(sink);
        recorder.record(new Metric(1, "loss", 0.7));
        assertFalse(stop.isRaised());
        recorder.record(new Metric(2, "loss", Double.NaN));
        assertEquals(
                "NaN: metric loss is NaN at 1 of 1 iterations, from 2 to 2.",
                stop.raised().orElseThrow().message());
    }

    @Test
    void stuckRewardsStopAfterTheTenthZeroInARow() {
        AlarmStop stop = AlarmStop.on(Alarm.REWARDS_STUCK);
        Recorder recorder = stop.watching(sink, DPO);
        int at = 0;
        for (int i = 1; i <= 100 && !stop.isRaised(); i++) {
            recorder.record(new Metric(i, "rewards/margins", i < 50 && i > 1 ? 0.1 : 0));
            at = i;
        }
        assertEquals(59, at);
    }

    @Test
    void staleReferenceStopsAtTheFirstUpdate() {
        AlarmStop stop = AlarmStop.on(Alarm.STALE_REFERENCE);
        Recorder recorder = stop.watching(sink, DPO);
        recorder.record(new Metric(1, "rewards/chosen", -0.25));
        assertEquals(
                "Stale reference: rewards/chosen is -0.2500 at iteration 1, before anything was"
                        + " learnt, not 0.",
                stop.raised().orElseThrow().message());
    }

    @Test
    void untrustworthyPredictionsStopAfterFiveRecordings() {
        AlarmStop stop = AlarmStop.on(Alarm.UNTRUSTED_PREDICTION);
        Recorder recorder = stop.watching(sink, DPO);
        SyntheticRun run = squeezed();
        int at = -1;
        for (int t = 0; t < 12 && at < 0; t++) {
            recorder.record(recording(run, t, shifts(t, t < 3 ? 1 : -1)));
            at = stop.isRaised() ? t : -1;
        }
        assertEquals(5, at); // the median of five: the third wrong one decides
        assertTrue(
                stop.raised()
                        .orElseThrow()
                        .message()
                        .contains("median Spearman correlation is -1.00, slope -1.00"),
                stop.raised().toString());
    }

    private static List<ShiftRow> shifts(int t, int sign) {
        List<ShiftRow> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            double predicted = i - 4.5;
            rows.add(
                    new ShiftRow(
                            t, i, "chosen", predicted, predicted, 0, 0, 0, 0, sign * predicted));
        }
        return rows;
    }

    @Test
    void unknownOrNoAlarmsAndASecondRunAreRefused() {
        assertEquals(
                "alarm to stop on must be one of [squeezing, displacement, nan, rewards_stuck,"
                        + " stale_reference, first_loss, untrusted_prediction], got squezing",
                assertThrows(IllegalArgumentException.class, () -> AlarmStop.on("nan", "squezing"))
                        .getMessage());
        assertEquals(
                "alarms to stop on must not be empty, got none",
                assertThrows(IllegalArgumentException.class, AlarmStop::on).getMessage());
        AlarmStop stop = AlarmStop.on(Alarm.NAN);
        stop.watching(sink);
        assertEquals(
                "an AlarmStop serves one run, got a second one",
                assertThrows(IllegalStateException.class, () -> stop.watching(sink)).getMessage());
    }

    @Test
    void theRestOfTheRecorderIsTheOthers() {
        Recorder recorder = AlarmStop.on(Alarm.NAN).watching(sink);
        assertEquals(77, recorder.nextStep());
        assertEquals(66, recorder.lastIteration());
        recorder.flush();
        recorder.close();
        assertEquals(List.of("flush", "close"), sink.calls);
    }

    /** Keeps what it is given. */
    private static final class KeptMeasurements implements Recorder {
        private final List<Measurement> all = new ArrayList<>();
        private final List<String> calls = new ArrayList<>();

        @Override
        public long nextStep() {
            return 77;
        }

        @Override
        public long lastIteration() {
            return 66;
        }

        @Override
        public void record(Measurement measurement) {
            all.add(measurement);
        }

        @Override
        public void flush() {
            calls.add("flush");
        }

        @Override
        public void close() {
            calls.add("close");
        }

        <T extends Measurement> List<T> only(Class<T> type) {
            return all.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }
}
