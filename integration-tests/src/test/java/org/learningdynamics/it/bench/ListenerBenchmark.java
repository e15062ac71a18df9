package org.learningdynamics.it.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.TokenBatch;
import org.learningdynamics.it.listener.CountingRecorder;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.loss.LossInputs;
import org.learningdynamics.loss.Losses;
import org.learningdynamics.loss.ResponseLogProbs;
import org.learningdynamics.probe.EncodedProbeRow;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Measures what recording likelihoods costs beside training a language model (width 128, 2 layers,
 * 2,000 words, batch 16, supervised): wall-clock and CPU time of an update and of a recording, and
 * the share of training time for 720 rows every 300 updates and 64 rows every 30. Argument: number
 * of recordings of each (6).
 */
public final class ListenerBenchmark {
    private static final int VOCABULARY = 2000;
    private static final int BATCH = 16;
    private static final int UPDATES_BETWEEN = 8;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Random random = new Random(1);
    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final PrintStream out;

    private ListenerBenchmark(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the benchmark and prints its figures.
     *
     * @param arguments number of recordings
     */
    public static void main(String[] arguments) {
        int recordings = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        ListenerBenchmark benchmark = new ListenerBenchmark(System.out);
        benchmark.run(720, 300, recordings);
        benchmark.run(64, 30, recordings);
    }

    private void run(int rows, int every, int recordings) {
        SameDiff sd = graph();
        CountingRecorder recorder = new CountingRecorder();
        List<Double> wall = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        List<Double> cpuRecording = new ArrayList<>();
        try (SameDiffDynamicsListener listener = listener(sd, rows, recorder)) {
            sd.setListeners(listener);
            for (int i = 1; i <= UPDATES_BETWEEN * recordings; i++) {
                long start = System.nanoTime();
                long cpuStart = system.getProcessCpuTime();
                sd.fit(batch());
                double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
                double cpuMillis = (system.getProcessCpuTime() - cpuStart) / NANOS_PER_MILLI;
                if (i % UPDATES_BETWEEN == 0) {
                    cpuRecording.add(cpuMillis);
                } else if (i > UPDATES_BETWEEN) {
                    wall.add(millis);
                    cpu.add(cpuMillis);
                }
            }
        }
        double wallRecording =
                recorder.steps().stream()
                        .mapToDouble(step -> step.overheadMillis())
                        .min()
                        .orElseThrow();
        double cpuUpdate = median(cpu);
        double cpuOnly = median(cpuRecording) - cpuUpdate;
        print("%d rows every %d updates", rows, every);
        print("  wall, least: update %.1f ms, recording %.0f ms", least(wall), wallRecording);
        print("  wall, least: %.2f ms a row", wallRecording / rows);
        print("  CPU, median: update %.1f ms, recording %.0f ms", cpuUpdate, cpuOnly);
        print(
                "  share of training: wall %.2f %%, CPU %.2f %%",
                100 * wallRecording / (every * least(wall)), 100 * cpuOnly / (every * cpuUpdate));
    }

    private static SameDiff graph() {
        SameDiff sd =
                DecoderModel.create(DecoderConfig.builder(VOCABULARY).width(128).layers(2).build())
                        .newGraph();
        SDVariable labels = sd.placeHolder("labels", DataType.INT32, -1, -1);
        SDVariable logits = sd.getVariable(DecoderModel.LOGITS_2D);
        Losses.byName("sft-sum")
                .define(sd, LossInputs.of(ResponseLogProbs.define(sd, logits, labels, VOCABULARY)));
        sd.setTrainingConfig(
                TrainingConfig.builder()
                        .updater(new Adam(1e-4))
                        .dataSetFeatureMapping(DecoderModel.INPUT_IDS)
                        .dataSetLabelMapping("labels")
                        .build());
        return sd;
    }

    private SameDiffDynamicsListener listener(SameDiff sd, int rows, CountingRecorder recorder) {
        List<EncodedProbeRow> watched = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            watched.add(new EncodedProbeRow(i, "chosen", response()));
        }
        return SameDiffDynamicsListener.builder(sd)
                .logits(DecoderModel.LOGITS_2D)
                .probes(TokenProbes.builder(watched, 0).build())
                .schedule(Schedule.every(UPDATES_BETWEEN))
                .recorder(recorder)
                .build();
    }

    /** Prompts of 8 to 14 and responses of 6 to 20 tokens, as short questions and answers have. */
    private EncodedResponse response() {
        int prompt = 8 + random.nextInt(7);
        int length = prompt + 6 + random.nextInt(15);
        return new EncodedResponse(random.ints(length, 0, VOCABULARY).toArray(), prompt);
    }

    private MultiDataSet batch() {
        List<EncodedResponse> rows = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            rows.add(response());
        }
        TokenBatch tokens = TokenBatch.of(rows, 0);
        return new MultiDataSet(
                Nd4j.createFromArray(tokens.inputIds()), Nd4j.createFromArray(tokens.labels()));
    }

    private static double least(List<Double> values) {
        return Collections.min(values);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
