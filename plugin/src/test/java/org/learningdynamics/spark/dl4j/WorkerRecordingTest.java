package org.learningdynamics.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.listener.ListenerFailures;
import org.learningdynamics.recording.AttributionBlock;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.ExampleResponse;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.KernelBlock;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Measurement;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.ResponseTokens;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.ShiftRow;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.recording.TokenInfluenceRow;
import org.learningdynamics.recording.TokenRow;
import org.learningdynamics.recording.TokenText;
import scala.reflect.ClassTag;

class WorkerRecordingTest {
    private static final TaskAttempt ATTEMPT = new TaskAttempt(1, 2, 3, 4, "5", "host");

    /** One of every kind. */
    private static final List<Measurement> MEASUREMENTS =
            List.of(
                    recording(),
                    new Metric(3, "loss", Double.NaN),
                    new ExampleRow(7, "digest", "prompt"),
                    new ExampleResponse(7, ResidualRow.RESPONSE, "text"),
                    new ResponseTokens(0, "label", List.of(1, 2)),
                    new TokenText(1, "a"),
                    new AttributionRow(7, 0, "label", 0.5, 2),
                    new AttributionBlock(
                            new ScoredBlock(1, 2),
                            List.of(),
                            List.of(new SelfInfluenceRow(7, 1, 2))),
                    new Event(3, Severity.WARNING, "code", "message"));

    private static StepRecording recording() {
        FloatMatrix one = FloatMatrix.of(1, 1, Float.NaN);
        Interactions interactions =
                new Interactions(
                        List.of(new ResidualRow(3, 0, ResidualRow.RESPONSE, 7, 1, 2, 3, 4, 5, 1)),
                        List.of(new InfluenceBlock(3, "", "", InfluenceForm.UPDATE, one)),
                        List.of(new TokenInfluenceRow(3, 0, "label", 0, one)),
                        List.of(new ShiftRow(3, 0, "label", 1, 2, 3, 4, 5, 6, 7)),
                        List.of(new KernelRow(3, "trace", 0, "", 0, 1, Double.NaN)),
                        List.of(new KernelBlock(3, 0, 0, one)));
        return new StepRecording(
                new StepRow(3, 3, 0, 1, 0.5, 0.1, 1, 2, 3),
                List.of(new LikelihoodRow(3, 0, "label", -1, -2, -3, 1, 0.5, 0.5, 0.7, 1)),
                List.of(new TokenRow(3, 0, "label", 0, -1, 2)),
                List.of(),
                interactions);
    }

    private static Stream<Serializer> serializers() {
        SparkConf conf = new SparkConf();
        return Stream.of(new JavaSerializer(conf), new KryoSerializer(conf));
    }

    private static <T> T travelled(Serializer serializer, T value, Class<T> type) {
        ClassTag<T> tag = ClassTag.apply(type);
        return serializer
                .newInstance()
                .deserialize(serializer.newInstance().serialize(value, tag), tag);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    void comesHomeWholeByEverySerializerOfSpark(Serializer serializer) {
        WorkerRecording recording = new WorkerRecording("session", ATTEMPT, 6);
        MEASUREMENTS.forEach(recording::add);
        recording.count(3, new ListenerFailures(1, 2, 3));
        WorkerRecording home = travelled(serializer, recording, WorkerRecording.class);
        assertEquals(MEASUREMENTS, home.measurements());
        assertEquals(ATTEMPT, home.attempt());
        assertEquals(6, home.firstIteration());
        assertEquals(3, home.updates());
        assertEquals(new ListenerFailures(1, 2, 3), home.failures());
        assertEquals("session", home.getSessionID());
        assertEquals("1", home.getWorkerID());
    }

    @Test
    void saysWhyAReplicaIsNotRecorded() {
        WorkerRecording recording = new WorkerRecording("session", ATTEMPT, 0);
        recording.fail(new IllegalStateException("cause"));
        assertEquals(1, recording.failures().callbacks());
        Event event = (Event) recording.measurements().get(0);
        assertEquals("worker_not_recorded", event.code());
        assertTrue(event.message().contains("cause"), event.message());
    }

    @Test
    void isNotForDl4jsStorages() {
        WorkerRecording recording = new WorkerRecording("session", ATTEMPT, 0);
        assertThrows(UnsupportedOperationException.class, recording::encode);
    }
}
