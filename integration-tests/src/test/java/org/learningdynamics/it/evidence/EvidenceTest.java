package org.learningdynamics.it.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.samples.digits.DigitModel;
import org.learningdynamics.series.Trust;

/** The programs behind docs/evidence.md, at a size where the facts just show. */
class EvidenceTest {
    private static final DigitTraining.Plan SMALL = new DigitTraining.Plan(100, 16, 6, 10, 0.1, 1);

    @TempDir Path folder;

    @Test
    void leavingOutHarmersHelpsMoreThanLeavingOutOthers() {
        var evidence = new RemovalEvidence(DigitTraining.of(SMALL), HeldOutDigits.of(4, 1), 10, 2);
        RemovalEvidence.Changes changes = evidence.changes();
        assertTrue(changes.accuracy() > 0.3, changes.toString());
        assertTrue(changes.overRandom().mean() > 0, () -> Arrays.toString(changes.harmful()));
        assertTrue(changes.overOthers().mean() > 0, () -> Arrays.toString(changes.others()));
    }

    @Test
    void selfInfluenceFindsWrongLabels() {
        var plan = new DigitTraining.Plan(200, 16, 15, 10, 0.1, 1);
        MislabelEvidence.Areas areas = MislabelEvidence.of(plan, 0.1).areas();
        assertTrue(areas.selfInfluence() > 0.85, areas.toString());
        assertTrue(areas.meanLoss() > 0.85, areas.toString());
    }

    @Test
    void sumsOfInfluencesForetellTrainingsOnHalves() {
        var evidence = new DatamodelEvidence(DigitTraining.of(SMALL), HeldOutDigits.of(10, 1), 12);
        DatamodelEvidence.Scores scores = evidence.scores();
        assertTrue(mean(scores.influence()) > 0.4, Arrays.toString(scores.influence()));
        assertTrue(mean(scores.lastDots()) > 0.4, Arrays.toString(scores.lastDots()));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void predictionsHoldAtASmallRate() throws IOException {
        var size = new TrustEvidence.Size(128, 8, 8, 10, 1);
        var evidence = new TrustEvidence(DigitModel.MLP, size);
        TrustEvidence.Seen seen =
                evidence.seen(evidence.warm(), 1e-3, folder.resolve("trust.ldyn"));
        assertEquals(2, seen.series().steps().size());
        assertTrue(seen.series().median(Trust::spearman) > 0.95, seen.toString());
        assertEquals(1, seen.series().median(Trust::slope), 0.05, seen.toString());
        assertTrue(seen.medianActual() > 100 * seen.noise(), seen.toString());
    }
}
