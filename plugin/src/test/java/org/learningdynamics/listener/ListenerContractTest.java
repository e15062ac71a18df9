package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.StepRecording;
import org.nd4j.linalg.factory.Nd4j;

/** What holds for a listener on every host: it sees the training and changes nothing in it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ListenerContractTest {
    private static final long SEED = 17;

    private double[] undisturbed;
    private double[] undisturbedLosses;
    private double randomAfterwards;

    /** An untrained model with its data; every call gives the same. */
    protected abstract Training newTraining();

    /** Largest difference of a recorded log-probability from that of an untouched model (nats). */
    protected abstract double tolerance();

    @BeforeAll
    void trainUndisturbed() {
        Training training = seeded();
        training.train();
        undisturbed = training.state();
        undisturbedLosses = training.losses();
        randomAfterwards = Nd4j.getRandom().nextDouble();
    }

    private Training seeded() {
        Training training = newTraining();
        Nd4j.getRandom().setSeed(SEED);
        return training;
    }

    @Test
    void twoRunsWithoutListenerAreTheSame() {
        Training training = seeded();
        training.train();
        assertArrayEquals(undisturbed, training.state());
    }

    @Test
    void trainingChangesTheModel() {
        double[] before = newTraining().state();
        assertFalse(Arrays.equals(before, undisturbed));
    }

    @Test
    void trainingIsTheSameWithListener() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.probes(), everything(), recorder)) {
            training.train();
            assertUndisturbed(training);
            assertEquals(new ListenerFailures(0, 0, 0), listener.failures());
            assertEquals(training.updates() + 1, recorder.steps().size());
        }
    }

    @Test
    void trainingIsTheSameWithTwoListeners() {
        Training training = seeded();
        ListRecorder first = new ListRecorder();
        ListRecorder second = new ListRecorder();
        try (Training.Attached one = training.attach(training.probes(), everything(), first);
                Training.Attached two =
                        training.attach(training.probes(), Schedule.every(2), second)) {
            training.train();
            assertUndisturbed(training);
            assertEquals(0, one.failures().total() + two.failures().total());
            assertEquals(logProbs(first.steps().get(2)), logProbs(second.steps().get(1)));
        }
    }

    @Test
    void brokenProbesAreCountedAndTrainingIsTheSame() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.brokenProbes(), Schedule.every(2), recorder)) {
            training.train();
            assertUndisturbed(training);
            assertEquals(recorder.steps().size(), listener.failures().probeBatches());
            Event event = recorder.steps().get(1).events().get(0);
            assertEquals("probe_failed", event.code());
            assertEquals(1, event.step());
            assertTrue(recorder.steps().get(1).likelihoods().isEmpty());
        }
    }

    @Test
    void aBrokenRecorderIsCountedAndTrainingIsTheSame() {
        Training training = seeded();
        try (Training.Attached listener =
                training.attach(training.probes(), Schedule.every(2), new BrokenRecorder())) {
            training.train();
            assertUndisturbed(training);
            assertTrue(listener.failures().recorderCalls() >= training.updates());
        }
    }

    @Test
    void anInterruptedTrainingThreadStaysInterruptedAndIsRecorded() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.probes(), Schedule.every(2), recorder)) {
            try (Training.Attached other =
                    training.attach(training.probes(), Schedule.every(1), new Interrupting())) {
                training.train();
                assertTrue(Thread.interrupted());
                assertEquals(0, other.failures().total() + listener.failures().total());
            }
            assertUndisturbed(training);
            assertEquals(1 + training.updates() / 2, recorder.steps().size());
        }
    }

    @Test
    void recordsTheStateThatTheUpdatesEndIn() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.probes(), Schedule.at(training.updates()), recorder)) {
            double[] before = training.expectedLogProbs();
            training.train();
            assertEquals(0, listener.failures().total());
            assertMatches(training, before, recorder.steps().get(0));
            assertMatches(training, training.expectedLogProbs(), recorder.steps().get(1));
        }
    }

    @Test
    void recordsWhatTheScheduleNames() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        Schedule schedule = Schedule.every(100).and(Schedule.perEpoch()).withFinal();
        try (Training.Attached listener = training.attach(training.probes(), schedule, recorder)) {
            training.train();
            assertEquals(0, listener.failures().total());
        }
        long updates = training.updates();
        assertEquals(List.of(0L, updates / 2, updates), recorder.iterations());
        assertEquals(
                LongStream.range(0, 3).boxed().toList(),
                recorder.steps().stream().map(s -> s.step().step()).toList());
    }

    @Test
    void recordsLossOfEveryUpdate() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.probes(), Schedule.every(2), recorder)) {
            training.train();
            assertEquals(0, listener.failures().total());
        }
        assertEquals(training.updates(), recorder.metrics("loss").size());
        assertEquals(1, recorder.metrics("loss").get(0).iteration());
        assertTrue(recorder.metrics("loss").stream().allMatch(m -> m.value() > 0));
        assertTrue(Double.isNaN(recorder.steps().get(0).step().loss()));
        assertEquals(
                recorder.metrics("loss").get(1).value(), recorder.steps().get(1).step().loss());
    }

    @Test
    void recordsHowTheUpdateWasMade() {
        Training training = seeded();
        ListRecorder recorder = new ListRecorder();
        try (Training.Attached listener =
                training.attach(training.probes(), Schedule.every(2), recorder)) {
            training.train();
            assertEquals(0, listener.failures().total());
        }
        StepRecording recording = recorder.steps().get(1);
        assertTrue(recording.step().gradNorm() > 0);
        assertTrue(recording.step().learningRate() > 0);
        assertTrue(recording.step().stepMillis() > 0);
        assertTrue(recording.step().overheadMillis() > 0);
        assertTrue(recording.step().timeMillis() > 0);
        assertEquals(2, recording.step().iteration());
    }

    private void assertUndisturbed(Training training) {
        assertArrayEquals(undisturbed, training.state());
        assertArrayEquals(undisturbedLosses, training.losses());
        assertEquals(randomAfterwards, Nd4j.getRandom().nextDouble());
    }

    private void assertMatches(Training training, double[] expected, StepRecording recording) {
        List<ResponseRow> responses = training.probes().responseRows();
        assertEquals(responses.size(), recording.likelihoods().size());
        for (int i = 0; i < expected.length; i++) {
            ResponseRow response = responses.get(i);
            LikelihoodRow row =
                    recording.likelihoods().stream()
                            .filter(r -> r.probe() == response.probe())
                            .filter(r -> r.kind().equals(response.kind()))
                            .findFirst()
                            .orElseThrow();
            assertEquals(expected[i], row.logProb(), tolerance());
            assertEquals(response.tokens(), row.tokens());
        }
    }

    private static List<Double> logProbs(StepRecording recording) {
        return recording.likelihoods().stream().map(LikelihoodRow::logProb).toList();
    }

    private static Schedule everything() {
        return Schedule.every(1).and(Schedule.perEpoch()).withFinal();
    }

    private static final class BrokenRecorder implements Recorder {
        @Override
        public long nextStep() {
            return 0;
        }

        @Override
        public long lastIteration() {
            return -1;
        }

        @Override
        public void record(Measurement measurement) {
            throw new IllegalStateException("no room left");
        }

        @Override
        public void flush() {
            throw new IllegalStateException("no room left");
        }

        @Override
        public void close() {
            throw new IllegalStateException("no room left");
        }
    }

    /** Interrupts the thread that trains, once. */
    private static final class Interrupting implements Recorder {
        private boolean done;

        @Override
        public long nextStep() {
            return 0;
        }

        @Override
        public long lastIteration() {
            return -1;
        }

        @Override
        public void record(Measurement measurement) {
            if (!done) {
                Thread.currentThread().interrupt();
            }
            done = true;
        }

        @Override
        public void flush() {
            // Keeps nothing.
        }

        @Override
        public void close() {
            // Keeps nothing.
        }
    }
}
