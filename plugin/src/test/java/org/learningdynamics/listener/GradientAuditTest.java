package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.model.GraphAuditException;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.nd4j.autodiff.samediff.SameDiff;

/** What the listener says of a graph with a wrong gradient. */
class GradientAuditTest {
    private final SameDiffClassifierTraining training = new SameDiffClassifierTraining();
    private final ListRecorder recorder = new ListRecorder();

    private void spoil() {
        SameDiff graph = training.sameDiff;
        graph.setLossVariables(
                graph.cumprod("wrong", graph.getVariable("w1"), 1)
                        .sum()
                        .add(graph.getVariable("loss")));
    }

    private List<Event> trainedWith(AuditMode mode) {
        try (SameDiffDynamicsListener listener = training.listener(recorder).audit(mode).build()) {
            training.sameDiff.setListeners(listener);
            training.train();
            training.train();
            assertEquals(0, listener.failures().total());
        }
        return recorder.events();
    }

    @Test
    void aWrongGradientIsRecordedOnceAndTrainingGoesOn() {
        spoil();
        List<Event> events = trainedWith(AuditMode.WARN);
        assertEquals(1, events.size(), events.toString());
        Event event = events.get(0);
        assertEquals(Severity.ERROR, event.severity());
        assertEquals("gradient_audit", event.code());
        assertEquals(-1, event.step());
        assertTrue(event.message().contains("cumprod of w1"), event.message());
        assertEquals(2 * training.updates(), recorder.metrics("loss").size());
    }

    @Test
    void nothingIsRecordedOfASoundGraphOrWhenOff() {
        assertEquals(List.of(), trainedWith(AuditMode.WARN));
        spoil();
        assertEquals(List.of(), trainedWith(AuditMode.OFF));
    }

    @Test
    void theStrictModeRefusesTheGraphBeforeTraining() {
        SameDiffDynamicsListener.Builder builder =
                training.listener(recorder).audit(AuditMode.THROW);
        builder.build().close();
        spoil();
        GraphAuditException error = assertThrows(GraphAuditException.class, builder::build);
        assertTrue(error.getMessage().contains("cumprod"), error.getMessage());
    }
}
