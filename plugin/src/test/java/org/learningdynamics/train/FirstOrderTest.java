package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.ResponseScorer;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.ShiftRow;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predictions are first-order: along the host's own step in mid-run, what is left of the change of
 * the probes' log-probabilities shrinks with the square of the step.
 */
class FirstOrderTest {
    private static final int UPDATES = 3;
    private static final int HALVINGS = 6;

    private static final Set<TrainingMethod> STRONG =
            Set.of(TrainingMethod.SFT_SUM, TrainingMethod.IPO, TrainingMethod.DISCOPOP);

    @TempDir Path directory;

    static Stream<Arguments> trainings() {
        List<Arguments> all = new ArrayList<>();
        for (TrainingMethod method : TrainingMethod.values()) {
            if (method != TrainingMethod.PRETRAIN) {
                all.add(Arguments.of(method, Optimizer.SGD));
            }
        }
        for (Optimizer optimizer : Optimizer.values()) {
            all.add(Arguments.of(TrainingMethod.DPO, optimizer));
            all.add(Arguments.of(TrainingMethod.SFT, optimizer));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void remainderShrinksWithTheSquareOfTheStep(TrainingMethod method, Optimizer optimizer) {
        DecoderModel after = TinyTask.model(DataType.DOUBLE);
        AtomicReference<DecoderModel> halfway = new AtomicReference<>();
        RunFileReader file = train(after, method, optimizer, halfway);
        DecoderModel before = halfway.get();
        List<ShiftRow> shifts = file.interactions().shifts(RowFilter.ALL);
        double[] start = logProbs(before, shifts);
        double[] sizes = new double[HALVINGS];
        double[] remainders = new double[HALVINGS];
        for (int i = 0; i < HALVINGS; i++) {
            double s = Math.pow(0.5, i);
            double[] now = logProbs(between(before, after, s), shifts);
            double squares = 0;
            for (int row = 0; row < now.length; row++) {
                double rest = now[row] - start[row] - s * shifts.get(row).predicted();
                squares += rest * rest;
            }
            sizes[i] = Math.log(s);
            remainders[i] = Math.log(squares) / 2;
        }
        assertEquals(2, slope(sizes, remainders), 0.1);
    }

    private RunFileReader train(
            DecoderModel model,
            TrainingMethod method,
            Optimizer optimizer,
            AtomicReference<DecoderModel> halfway) {
        Path path = directory.resolve("run.ldyn");
        TrainingOptions options =
                TrainingOptions.builder(method)
                        .optimizer(optimizer)
                        .learningRate(rate(method, optimizer))
                        .batchSize(4)
                        .updates(UPDATES)
                        .build();
        TrainingRun.builder(model, TinyTask.data(method), options)
                .recording(
                        RunRecording.of(path, TinyTask.probes(), Schedule.at(UPDATES))
                                .withInfluence(InfluenceOptions.defaults()))
                .progress(
                        at -> {
                            if (at.updatesDone() == UPDATES - 1) {
                                halfway.set(model.copy());
                            }
                        })
                .build()
                .run();
        return RunFileReader.open(path);
    }

    /** Some losses pull so hard that terms of third order would show. */
    private static double rate(TrainingMethod method, Optimizer optimizer) {
        if (optimizer == Optimizer.TORCH_RMSPROP) {
            return 2e-5; // its first steps are ten times the rate
        }
        if (optimizer != Optimizer.SGD) {
            return 2e-4;
        }
        return STRONG.contains(method) ? 0.005 : 0.02;
    }

    private static DecoderModel between(DecoderModel from, DecoderModel to, double share) {
        DecoderModel model = from.copy();
        Map<String, INDArray> target = to.parameters();
        model.parameters()
                .forEach((name, array) -> array.addi(target.get(name).sub(array).muli(share)));
        return model;
    }

    private static double[] logProbs(DecoderModel model, List<ShiftRow> rows) {
        List<EncodedResponse> responses = new ArrayList<>();
        for (ShiftRow row : rows) {
            Probe probe = TinyTask.probes().probes().get(row.probe() - 1);
            responses.add(
                    TinyTask.encoder().encode(probe.prompt(), probe.responses().get(row.kind())));
        }
        return new ResponseScorer(model).logProbs(responses);
    }

    private static double slope(double[] x, double[] y) {
        double meanX = Stream.of(x).flatMapToDouble(java.util.Arrays::stream).average().orElse(0);
        double meanY = Stream.of(y).flatMapToDouble(java.util.Arrays::stream).average().orElse(0);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            products += (x[i] - meanX) * (y[i] - meanY);
            squares += (x[i] - meanX) * (x[i] - meanX);
        }
        return products / squares;
    }
}
