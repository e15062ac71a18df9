package org.learningdynamics.listener;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.TokenRow;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class SameDiffDynamicsListenerTest {
    private static final RunHeader HEADER =
            RunHeader.builder("perceptron", Instant.parse("2026-01-01T00:00:00Z")).build();

    private final SameDiffClassifierTraining training = new SameDiffClassifierTraining();
    private final SameDiff sameDiff = training.sameDiff;
    private final ListRecorder recorder = new ListRecorder();

    @Test
    void lossesAreTrueInTheRecordingAndInTheHosthistory() {
        DataSet first = SameDiffClassifierTraining.data().next();
        double expected = atStart("loss", first);
        try (SameDiffDynamicsListener listener = training.listener(recorder).build()) {
            sameDiff.setListeners(listener);
            training.train();
        }
        List<Double> losses = recorder.metricValues("loss");
        assertEquals(expected, losses.get(0), 1e-12);
        double epochMean = losses.subList(0, 3).stream().mapToDouble(l -> l).average().orElse(-1);
        assertEquals(epochMean, training.history.lossCurve().meanLoss("loss", 0), 1e-6);
    }

    @Test
    void scalarsOfTheGraphAreRecordedForEveryUpdate() {
        double expected = atStart("aside", SameDiffClassifierTraining.data().next());
        try (SameDiffDynamicsListener listener = training.listener(recorder).build()) {
            sameDiff.setListeners(listener);
            training.train();
            assertEquals(0, listener.failures().total());
        }
        assertEquals(6, recorder.metrics("rewards/aside").size());
        assertEquals(expected, recorder.metricValues("rewards/aside").get(0), 1e-12);
        assertEquals(1, recorder.metrics("rewards/aside").get(0).iteration());
    }

    private double atStart(String variable, DataSet batch) {
        Map<String, INDArray> placeholders =
                Map.of("x", batch.getFeatures(), "y", batch.getLabels());
        return new SameDiffClassifierTraining()
                .sameDiff
                .output(placeholders, variable)
                .get(variable)
                .getDouble(0);
    }

    @Test
    void gradientNormIsThatOfTheWholeRawGradient() {
        DataSet batch = SameDiffClassifierTraining.data().next();
        Map<String, INDArray> placeholders =
                Map.of("x", batch.getFeatures(), "y", batch.getLabels());
        double squares =
                new SameDiffClassifierTraining()
                                .sameDiff
                                .calculateGradients(placeholders, "w0", "b0", "w1")
                                .values()
                                .stream()
                                .mapToDouble(g -> Math.pow(g.norm2Number().doubleValue(), 2))
                                .sum();
        try (SameDiffDynamicsListener listener =
                training.listener(recorder).schedule(Schedule.at(1)).build()) {
            sameDiff.fit(batch, listener);
        }
        assertEquals(Math.sqrt(squares), recorder.steps().get(1).step().gradNorm(), 1e-12);
        assertTrue(Double.isNaN(recorder.steps().get(0).step().gradNorm()));
    }

    @Test
    void learningRateIsThatOfTheUpdate() {
        sameDiff.getTrainingConfig()
                .setUpdater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5)));
        try (SameDiffDynamicsListener listener =
                training.listener(recorder).schedule(Schedule.every(1)).build()) {
            sameDiff.setListeners(listener);
            training.train();
        }
        assertEquals(0.1, recorder.steps().get(1).step().learningRate(), 1e-15);
        assertEquals(0.025, recorder.steps().get(3).step().learningRate(), 1e-15);
    }

    @Test
    void trainingConfigurationIsTheUsersAgain() {
        TrainingConfig configuration = sameDiff.getTrainingConfig();
        Object evaluations = configuration.getTrainEvaluations();
        Object labels = configuration.getTrainEvaluationLabels();
        try (SameDiffDynamicsListener one = training.listener(recorder).build();
                SameDiffDynamicsListener two = training.listener(new ListRecorder()).build()) {
            sameDiff.setListeners(one, two);
            training.train();
        }
        assertSame(evaluations, configuration.getTrainEvaluations());
        assertSame(labels, configuration.getTrainEvaluationLabels());
        assertEquals(Map.of(), evaluations);
        assertEquals(6, recorder.metrics("loss").size());
    }

    @Test
    @SuppressWarnings("rawtypes") // as the host declares evaluations
    void theUsersEvaluationsWorkAsWithoutListener() {
        double[] accuracies = new double[2];
        for (int i = 0; i < 2; i++) {
            SameDiffClassifierTraining run = new SameDiffClassifierTraining();
            Map<String, List<IEvaluation>> evaluations =
                    Map.of("logits", List.of(new Evaluation()));
            run.sameDiff.getTrainingConfig().setTrainEvaluations(evaluations);
            run.sameDiff.getTrainingConfig().setTrainEvaluationLabels(Map.of("logits", 0));
            if (i == 1) {
                run.sameDiff.setListeners(run.listener(recorder).build());
            }
            run.train();
            accuracies[i] = run.history.trainingEval("logits", Evaluation.Metric.ACCURACY).get(1);
            assertSame(evaluations, run.sameDiff.getTrainingConfig().getTrainEvaluations());
        }
        assertTrue(accuracies[0] > 0);
        assertEquals(accuracies[0], accuracies[1]);
        assertTrue(recorder.metricValues("loss").stream().allMatch(l -> l > 0));
    }

    @Test
    void trainingConfigurationIsTheUsersAgainWhenAnOpFails() {
        Object evaluations = sameDiff.getTrainingConfig().getTrainEvaluations();
        sameDiff.setListeners(training.listener(recorder).build());
        DataSet narrow =
                new DataSet(
                        RandomArrays.gaussian(1, DataType.DOUBLE, 2, 4),
                        RandomArrays.oneHot(1, DataType.DOUBLE, 2, 3));
        assertThrows(RuntimeException.class, () -> sameDiff.fit(narrow));
        assertSame(evaluations, sameDiff.getTrainingConfig().getTrainEvaluations());
        training.train();
        assertEquals(6, recorder.metrics("loss").size());
    }

    @Test
    void aFitThatFailsBeforeItsFirstOpDoesNotSpoilTheNext() {
        sameDiff.setListeners(training.listener(recorder).build());
        TrainingConfig configuration = sameDiff.getTrainingConfig();
        Object evaluations = configuration.getTrainEvaluations();
        configuration.setDataSetLabelMapping(List.of("absent"));
        DataSet batch = SameDiffClassifierTraining.data().next();
        assertThrows(RuntimeException.class, () -> sameDiff.fit(batch));
        configuration.setDataSetLabelMapping(List.of("y"));

        SameDiffDynamicsListener listener =
                (SameDiffDynamicsListener) sameDiff.getListeners().get(0);
        sameDiff.setListeners(List.of());
        training.train();
        sameDiff.setListeners(listener);
        training.train();
        assertSame(evaluations, configuration.getTrainEvaluations());
        assertEquals(6, recorder.metrics("loss").size());
    }

    @Test
    void fittingAgainCountsOnAndRecordsTheInitialStateOnce() {
        try (SameDiffDynamicsListener listener =
                training.listener(recorder).schedule(Schedule.every(4)).build()) {
            training.sameDiff.setListeners(listener);
            training.train();
            training.train();
        }
        assertEquals(List.of(0L, 4L, 8L, 12L), recorder.iterations());
    }

    @Test
    void singleDataSetsAreUpdatesWithoutEpochs() {
        try (SameDiffDynamicsListener listener =
                training.listener(recorder)
                        .schedule(Schedule.every(2).and(Schedule.perEpoch()))
                        .build()) {
            for (int i = 0; i < 3; i++) {
                sameDiff.fit(SameDiffClassifierTraining.data().next(), listener);
            }
            assertEquals(0, listener.failures().total());
        }
        assertEquals(List.of(0L, 2L), recorder.iterations());
    }

    @Test
    void aContinuedRunCountsFromWhereItWas() {
        try (SameDiffDynamicsListener listener =
                training.listener(recorder)
                        .schedule(Schedule.every(50))
                        .firstIteration(97)
                        .build()) {
            sameDiff.setListeners(listener);
            training.train();
        }
        assertEquals(List.of(100L), recorder.iterations());
        assertEquals(98, recorder.metrics("loss").get(0).iteration());
    }

    @Test
    void aContinuedRunFillsInTheRecordingItLacks() {
        SameDiffDynamicsListener.Builder builder =
                training.listener(recorder).schedule(Schedule.every(100)).firstIteration(100);
        try (SameDiffDynamicsListener listener = builder.build()) {
            sameDiff.fit(SameDiffClassifierTraining.data().next(), listener);
        }
        assertEquals(List.of(100L), recorder.iterations());
        try (SameDiffDynamicsListener again = builder.build()) {
            sameDiff.fit(SameDiffClassifierTraining.data().next(), again);
        }
        assertEquals(List.of(100L), recorder.iterations());
    }

    @Test
    void singleTokensAreRecordedIfAskedFor() {
        try (SameDiffDynamicsListener listener =
                training.listener(recorder)
                        .schedule(Schedule.at(1))
                        .tokens(TokenDetail.ALL)
                        .build()) {
            sameDiff.fit(SameDiffClassifierTraining.data().next(), listener);
        }
        StepRecording recording = recorder.steps().get(1);
        assertEquals(7, recording.tokens().size());
        TokenRow token = recording.tokens().get(3);
        assertEquals(recorder.last(token.probe(), "label").logProb(), token.logProb());
        assertEquals(1, token.step());
    }

    @Test
    void aListenerOnAnotherModelSaysSoAndDoesNothing() {
        SameDiffClassifierTraining other = new SameDiffClassifierTraining();
        try (SameDiffDynamicsListener listener = training.listener(recorder).build()) {
            other.sameDiff.setListeners(listener);
            other.train();
            assertEquals(new ListenerFailures(0, 0, 1), listener.failures());
        }
        assertEquals(List.of(), recorder.iterations());
    }

    @Test
    void aClosedListenerDoesNothing() {
        SameDiffDynamicsListener listener = training.listener(recorder).build();
        listener.close();
        listener.close();
        sameDiff.setListeners(listener);
        training.train();
        assertEquals(List.of(), recorder.iterations());
        assertEquals(List.of(), recorder.metrics("loss"));
        assertEquals(0, listener.failures().total());
        assertTrue(!recorder.isClosed());
    }

    @Test
    void writesARunFileOfItsOwn(@TempDir Path folder) {
        Path file = folder.resolve("run.ldyn");
        try (SameDiffDynamicsListener listener =
                training.listener(recorder)
                        .recordTo(file, HEADER)
                        .schedule(Schedule.every(3))
                        .build()) {
            sameDiff.setListeners(listener);
            training.train();
        }
        RunFileReader reader = RunFileReader.open(file);
        assertEquals(List.of(0L, 3L, 6L), reader.steps().stream().map(s -> s.iteration()).toList());
        assertEquals(7, reader.responses().size());
        assertEquals(List.of("loss", "rewards/aside"), reader.metricNames());
        assertTrue(reader.closed());
    }

    @Test
    void continuesARunFile(@TempDir Path folder) {
        Path file = folder.resolve("run.ldyn");
        for (long done = 0; done < 12; done += 6) {
            try (SameDiffDynamicsListener listener =
                    training.listener(recorder)
                            .recordTo(file, HEADER)
                            .schedule(Schedule.every(3))
                            .firstIteration(done)
                            .build()) {
                sameDiff.setListeners(listener);
                training.train();
            }
        }
        RunFileReader reader = RunFileReader.open(file);
        assertEquals(
                List.of(0L, 3L, 6L, 9L, 12L),
                reader.steps().stream().map(s -> s.iteration()).toList());
        assertEquals(12, reader.metrics("loss").size());
    }

    @Test
    void readsLogitsOfAnyLayout() {
        SameDiff sd = sameDiff;
        sd.expandDims("rank3", sd.getVariable("logits"), 1);
        for (String logits : List.of("logits", "rank3")) {
            ListRecorder own = new ListRecorder();
            try (SameDiffDynamicsListener listener =
                    training.listener(own).logits(logits).build()) {
                sd.fit(SameDiffClassifierTraining.data().next(), listener);
                assertEquals(0, listener.failures().total());
            }
            assertEquals(7, own.steps().get(0).likelihoods().size());
        }
    }

    @Test
    void refusesNamesTheGraphDoesNotHave() {
        assertMessage(
                "no variable named \"logit\"; floating-point op outputs: [add, ",
                training.listener(recorder).logits("logit"));
        assertMessage(
                "no variable named \"input_ids\"; placeholders: [x, y]",
                training.listener(recorder).inputs("input_ids"));
        assertMessage(
                "\"w0\" must be a placeholder, got a variable of type VARIABLE",
                training.listener(recorder).inputs("w0"));
        assertMessage(
                "metric \"rewards/chosen\" must name the output of an op, got \"r\", which is no",
                training.listener(recorder).metrics(Map.of("rewards/chosen", "r")));
        assertMessage(
                "metric \"m\" must name the output of an op, got \"x\" of type PLACEHOLDER",
                training.listener(recorder).metrics(Map.of("m", "x")));
    }

    private static void assertMessage(String start, SameDiffDynamicsListener.Builder builder) {
        String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void refusesToBeBuiltWithoutProbesOrRecorder() {
        assertEquals(
                "probes must be given before build()",
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        SameDiffDynamicsListener.builder(sameDiff)
                                                .inputs("x")
                                                .recorder(recorder)
                                                .build())
                        .getMessage());
        assertEquals(
                "recorder must be given before build()",
                assertThrows(
                                IllegalStateException.class,
                                () ->
                                        SameDiffDynamicsListener.builder(sameDiff)
                                                .inputs("x")
                                                .probes(training.probes())
                                                .build())
                        .getMessage());
        assertEquals(
                "firstIteration must be >= 0, got -1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> training.listener(recorder).firstIteration(-1))
                        .getMessage());
    }

    @Test
    void aMetricThatIsNoScalarIsCounted() {
        try (SameDiffDynamicsListener listener =
                training.listener(recorder).metrics(Map.of("m", "logits")).build()) {
            sameDiff.setListeners(listener);
            training.train();
            assertEquals(new ListenerFailures(0, 0, 6), listener.failures());
        }
        assertEquals(List.of(), recorder.metrics("m"));
    }

    @Test
    void probingLeavesNothingInTheModel() {
        double[] before = training.state();
        try (SameDiffDynamicsListener listener =
                training.listener(recorder).schedule(Schedule.at(1)).build()) {
            sameDiff.setListeners(listener);
            int sessions = sameDiff.getSessions().size();
            sameDiff.fit(SameDiffClassifierTraining.data().next());
            assertEquals(sessions, sameDiff.getSessions().size());
        }
        assertEquals(before.length, 5 * 6 + 6 + 6 * 3);
        SameDiffClassifierTraining plain = new SameDiffClassifierTraining();
        plain.sameDiff.fit(SameDiffClassifierTraining.data().next());
        assertArrayEquals(plain.state(), training.state());
    }
}
