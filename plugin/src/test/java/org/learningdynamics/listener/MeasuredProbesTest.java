package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

class MeasuredProbesTest {
    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(MeasuredProbesTest.class));
    private final MeasuredProbes measured = new MeasuredProbes(4, TokenDetail.NONE, failures);
    private final List<INDArray> given = new ArrayList<>();
    private final ClassProbes probes =
            ClassProbes.builder(Nd4j.ones(5, 2)).labels(0, 1, 0, 1, 2).batchSize(2).build();

    /** The features themselves, so two classes: the last label is none of them. */
    private INDArray forward(ModelInput input) {
        INDArray logits = input.features().get(0).dup();
        given.add(logits);
        return logits;
    }

    @Test
    void logitsAreClosedWhetherTheyCouldBeMeasuredOrNot() {
        measured.measure(probes.batches(), this::forward);
        assertEquals(3, given.size());
        assertTrue(given.stream().allMatch(INDArray::wasClosed));
        assertEquals(4, measured.likelihoods().size());
        assertEquals(1, failures.counts().probeBatches());
    }

    @Test
    void aBatchThatFailsIsAnEventAndTheOthersAreMeasured() {
        measured.measure(probes.batches(), this::forward);
        assertEquals(Math.log(0.5), measured.likelihoods().get(3).logProb(), 1e-12);
        Event event = measured.events().get(0);
        assertEquals(4, event.step());
        assertEquals(Severity.WARNING, event.severity());
        assertTrue(
                event.message().startsWith("1 rows from probe 4 not measured: java.lang.Illegal"),
                event.message());
    }

    @Test
    void logitsForOtherThanWholeRowsAreRefused() {
        measured.measure(probes.batches(), input -> Nd4j.ones(3, 3));
        assertEquals(2, failures.counts().probeBatches());
        assertEquals(
                "2 rows from probe 0 not measured: java.lang.IllegalStateException: the model must"
                        + " give logits for each of the 2 rows of a batch, got 3 rows of logits",
                measured.events().get(0).message());
    }
}
