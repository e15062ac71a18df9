package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.learningdynamics.model.ModelInput;
import org.learningdynamics.recording.DistributionRow;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.Severity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.LoggerFactory;

class MeasuredProbesTest {
    private final FailureLog failures =
            new FailureLog(LoggerFactory.getLogger(MeasuredProbesTest.class));
    private final MeasuredProbes measured =
            new MeasuredProbes(4, TokenDetail.NONE, Optional.empty(), failures);
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
    void distributionsKeepTheTokensThatWereLikeliestFirst() {
        ClassProbes two = ClassProbes.builder(Nd4j.ones(2, 4)).labels(0, 3).build();
        ProbeDistributions reader =
                new ProbeDistributions(DistributionOptions.defaults().withCount(1), two, List.of());
        double[][] first = {{0, 1, 2, 3}, {5, 1, 0, 1}};
        double[][] second = {{0, 4, 2, 3}, {0, 1, 9, 1}};
        assertEquals(List.of("0: 3 0", "1: 0 3"), distributions(two, reader, Nd4j.create(first)));
        assertEquals(
                List.of("0: 1 3 0", "1: 2 3 0"), distributions(two, reader, Nd4j.create(second)));
    }

    @Test
    void aDistributionThatCannotBeReadLosesNoLikelihood() {
        ClassProbes two = ClassProbes.builder(Nd4j.ones(2, 4)).labels(0, 3).build();
        DistributionRow unknown = new DistributionRow(0, 0, "label", 0, 9, -1);
        ProbeDistributions reader =
                new ProbeDistributions(DistributionOptions.defaults(), two, List.of(unknown));
        MeasuredProbes pass = new MeasuredProbes(4, TokenDetail.ALL, Optional.of(reader), failures);
        pass.measure(two.batches(), input -> Nd4j.ones(2, 4));
        assertEquals(2, pass.likelihoods().size());
        assertTrue(
                pass.events()
                        .get(0)
                        .message()
                        .startsWith("distributions of responses from probe 0 not measured: "),
                pass.events().toString());
    }

    /** Tokens by falling probability, a text a probe; their values are checked. */
    private List<String> distributions(
            ClassProbes watched, ProbeDistributions reader, INDArray logits) {
        MeasuredProbes pass = new MeasuredProbes(4, TokenDetail.ALL, Optional.of(reader), failures);
        pass.measure(watched.batches(), input -> logits.dup());
        Map<Integer, StringBuilder> texts = new TreeMap<>();
        for (DistributionRow row : pass.distributions()) {
            double sum = 0;
            for (int v = 0; v < 4; v++) {
                sum += Math.exp(logits.getDouble(row.probe(), v));
            }
            double expected = logits.getDouble(row.probe(), row.token()) - Math.log(sum);
            assertEquals(expected, row.logProb(), 1e-12);
            assertEquals(4, row.step());
            texts.computeIfAbsent(row.probe(), id -> new StringBuilder(id + ":"))
                    .append(' ')
                    .append(row.token());
        }
        return texts.values().stream().map(StringBuilder::toString).toList();
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
