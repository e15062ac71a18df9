package org.learningdynamics.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.DL4JConfiguration;
import org.deeplearning4j.arbiter.MultiLayerSpace;
import org.deeplearning4j.arbiter.conf.updater.SgdSpace;
import org.deeplearning4j.arbiter.layers.DenseLayerSpace;
import org.deeplearning4j.arbiter.layers.OutputLayerSpace;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.listener.ClassProbes;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.sweep.record.CandidateState;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

class NetworkTrainerTest {
    private static final int ROWS = 24;
    private static final double[] FEATURES = new Random(1).doubles(3 * ROWS, -1, 1).toArray();

    @TempDir private Path folder;

    /** Three numbers; the class is which is largest. */
    private static INDArray features() {
        return Nd4j.createFromArray(FEATURES)
                .reshape(ROWS, 3)
                .castTo(Nd4j.defaultFloatingPointType());
    }

    private static int[] labels() {
        int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            for (int c = 1; c < 3; c++) {
                labels[i] = FEATURES[3 * i + c] > FEATURES[3 * i + labels[i]] ? c : labels[i];
            }
        }
        return labels;
    }

    private static DataSetIterator data() {
        INDArray oneHot = Nd4j.zeros(ROWS, 3);
        int[] labels = labels();
        for (int i = 0; i < ROWS; i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        return new ListDataSetIterator<>(new DataSet(features(), oneHot).asList(), 8);
    }

    private static ClassProbes probes() {
        return ClassProbes.builder(features()).labels(labels()).build();
    }

    private static MultiLayerSpace layers() {
        return new MultiLayerSpace.Builder()
                .seed(3)
                .updater(new SgdSpace(new ContinuousParameterSpace(0.05, 0.5)))
                .addLayer(
                        new DenseLayerSpace.Builder().nOut(new IntegerParameterSpace(2, 9)).build())
                .addLayer(new OutputLayerSpace.Builder().nOut(3).build())
                .setInputType(InputType.feedForward(3))
                .numEpochs(4)
                .build();
    }

    private static ComputationGraphSpace graph() {
        return new ComputationGraphSpace.Builder()
                .seed(3)
                .updater(new SgdSpace(new ContinuousParameterSpace(0.05, 0.5)))
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayerSpace.Builder()
                                .nIn(3)
                                .nOut(new IntegerParameterSpace(2, 9))
                                .build(),
                        "in")
                .addLayer("out", new OutputLayerSpace.Builder().nOut(3).build(), "hidden")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3))
                .numEpochs(4)
                .build();
    }

    private static NetworkTrainer<DL4JConfiguration> trainer() {
        return NetworkTrainer.layers(
                NetworkTrainerTest::data, "three", probes(), Schedule.every(3).withFinal());
    }

    private static Map<Integer, List<Object>> results(SweepFile file) {
        Map<Integer, List<Object>> results = new TreeMap<>();
        file.results()
                .forEach(
                        row ->
                                results.put(
                                        row.index(),
                                        List.of(file.parameters(row.index()), row.scores())));
        return results;
    }

    @Test
    void networksOfASpaceAreTrainedRecordedAndScored() throws Exception {
        Map<Integer, List<Object>> seen = Map.of();
        for (int workers : new int[] {1, 2}) {
            SweepFile file =
                    Sweep.builder(layers(), trainer(), folder.resolve("w" + workers))
                            .scores(List.of(Score.FINAL_LOG_PROB, Score.ARGMAX_SHARE))
                            .limits(Limits.candidates(4))
                            .resources(new Resources(workers, Long.MAX_VALUE))
                            .build()
                            .run();
            assertEquals(List.of("updater.learningRate", "layer_0.nOut"), sorted(file));
            for (ResultRow row : file.results()) {
                assertEquals(CandidateState.DONE, row.state(), row.cause());
                RunFileReader run =
                        RunFileReader.open(
                                folder.resolve("w" + workers).resolve(row.runs().get(0)));
                assertEquals(12, run.lastStep().orElseThrow().iteration());
                assertEquals(5, row.curve().length);
                assertTrue(row.curve()[4] > row.curve()[0], "training must help");
            }
            Map<Integer, List<Object>> now = results(file);
            assertEquals(workers == 1 ? now : seen, now);
            seen = now;
        }
    }

    private static List<String> sorted(SweepFile file) {
        return file.header().parameters().stream()
                .sorted(java.util.Comparator.reverseOrder())
                .toList();
    }

    @Test
    void graphsOfASpaceAreToo() throws Exception {
        SweepFile file =
                Sweep.builder(
                                graph(),
                                NetworkTrainer.graphs(
                                        NetworkTrainerTest::data,
                                        "three",
                                        probes(),
                                        Schedule.every(3).withFinal()),
                                folder)
                        .limits(Limits.candidates(2))
                        .build()
                        .run();
        for (ResultRow row : file.results()) {
            assertEquals(CandidateState.DONE, row.state(), row.cause());
            assertTrue(row.curve()[4] > row.curve()[0], "training must help");
        }
    }

    @Test
    void networksAreStoppedByTheirRecordings() throws Exception {
        StoppingRules rules =
                new StoppingRules(Score.ARGMAX_SHARE, false, Optional.of(1), Optional.empty());
        SweepFile file =
                Sweep.builder(layers(), trainer(), folder)
                        .stopping(rules)
                        .limits(Limits.candidates(1))
                        .build()
                        .run();
        ResultRow row = file.results().get(0);
        assertEquals(CandidateState.STOPPED, row.state(), row.cause());
        assertTrue(row.cause().contains(" of network: No progress: argmax_share"), row.cause());
    }

    /** With Arbiter's own task creators. */
    @Test
    void theTaskListenerRecordsWhatArbiterTrains() throws Exception {
        MultiLayerSpace space = layers();
        Candidate<?> candidate = new RandomSearch().generator(space, 1, false).getCandidate();
        DL4JConfiguration value = (DL4JConfiguration) candidate.getValue();
        try (RecordingTaskListener hook =
                new RecordingTaskListener(folder, probes(), Schedule.every(3))) {
            MultiLayerNetwork network = new MultiLayerNetwork(value.getMultiLayerConfiguration());
            network.init();
            network = hook.preProcess(network, candidate);
            network.fit(data(), 2);
            hook.postProcess(network, candidate);
            Path file = folder.resolve("c0000-1-network.ldyn");
            assertTrue(Files.exists(file));
            assertTrue(RunFileReader.open(file).closed());
            assertEquals(3, RunFileReader.open(file).steps().size());
            ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
            assertThrows(NotSerializableException.class, () -> out.writeObject(hook));
        }
    }
}
