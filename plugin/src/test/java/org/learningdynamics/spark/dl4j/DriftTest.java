package org.learningdynamics.spark.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

class DriftTest {
    /** A recording of one kind, one probe a value. */
    private static StepRecording recording(long iteration, double... logProbs) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (double logProb : logProbs) {
            rows.add(
                    new LikelihoodRow(
                            iteration, rows.size(), "label", logProb, 0, 0, 0, 0, 0, 0, 1));
        }
        StepRow step = new StepRow(iteration, iteration, 0, 0, 0, 0, 0, 0, 0);
        return new StepRecording(step, rows, List.of(), List.of());
    }

    @Test
    void spreadIsTheMeanOfTheProbesDeviations() {
        Drift drift = new Drift(3);
        drift.add(recording(2, -1, -1));
        drift.add(recording(2, -2, -1));
        drift.add(recording(2, -3, -4));
        List<Metric> spread = drift.spread();
        assertEquals(1, spread.size());
        assertEquals("workers/spread/label", spread.get(0).name());
        assertEquals(2, spread.get(0).iteration());
        assertEquals((1 + Math.sqrt(3)) / 2, spread.get(0).value(), 1e-15);
    }

    @Test
    void oneReplicaHasNoSpread() {
        Drift drift = new Drift(1);
        drift.add(recording(2, -1, -2));
        assertTrue(drift.spread().isEmpty());
    }

    @Test
    void nanOfOneReplicaIsNanOfTheSpread() {
        Drift drift = new Drift(2);
        drift.add(recording(2, -1, Double.NaN));
        drift.add(recording(2, -1, -1));
        assertTrue(Double.isNaN(drift.spread().get(0).value()));
    }

    @Test
    void jumpIsTheAveragesGainOverItsPartsMean() {
        Drift drift = new Drift(2);
        drift.add(recording(4, -1, -2));
        drift.add(recording(4, -3, -2));
        List<Metric> jump = drift.jump(recording(4, -1, -1.5));
        assertEquals(List.of(new Metric(4, "averaging/jump/label", 0.75)), jump);
    }

    @Test
    void averageOfUnseenReplicasHasNoJump() {
        Drift drift = new Drift(2);
        drift.add(recording(4, -1));
        assertTrue(drift.jump(recording(4, -1)).isEmpty());
        assertTrue(drift.jump(recording(5, -1)).isEmpty());
    }
}
