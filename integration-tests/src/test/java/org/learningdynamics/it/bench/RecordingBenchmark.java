package org.learningdynamics.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Measures how many likelihood rows a second a run file takes in and gives back: recordings of 60
 * probes × 12 kinds as fast as the queue takes them, from the first call to the end of {@code
 * close}. Arguments: number of rows (3,000,000), directory for the file (a temporary one).
 */
public final class RecordingBenchmark {
    private static final int PROBES = 60;
    private static final int KINDS = 12;

    private final Path file;
    private final long recordings;
    private final PrintStream out;
    private final SplittableRandom random = new SplittableRandom(1);

    private RecordingBenchmark(Path file, long rows, PrintStream out) {
        this.file = file;
        this.recordings = (rows + PROBES * KINDS - 1) / (PROBES * KINDS);
        this.out = out;
    }

    /**
     * Runs the benchmark and prints its figures.
     *
     * @param arguments rows, directory
     * @throws IOException if the directory cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 3_000_000;
        Path directory =
                arguments.length > 1
                        ? Path.of(arguments[1])
                        : Files.createTempDirectory("recording-benchmark");
        Path file = directory.resolve("benchmark.ldyn");
        Files.deleteIfExists(file);
        RecordingBenchmark benchmark = new RecordingBenchmark(file, rows, System.out);
        benchmark.write();
        benchmark.read(RowFilter.ALL, "every row");
        benchmark.read(RowFilter.ALL.kind("kind 3"), "one kind of twelve");
        Files.delete(file);
    }

    private void write() throws IOException {
        List<StepRecording> prepared = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            prepared.add(recording(i));
        }
        long start = System.nanoTime();
        double slowest = Double.POSITIVE_INFINITY;
        long rows = recordings * PROBES * KINDS;
        RunFileRecorder recorder = open();
        long part = Math.max(1, recordings / 10);
        long partStart = System.nanoTime();
        for (long step = 0; step < recordings; step++) {
            recorder.record(restep(prepared.get((int) (step % prepared.size())), step));
            if ((step + 1) % part == 0) {
                slowest = Math.min(slowest, part * PROBES * KINDS / seconds(partStart));
                partStart = System.nanoTime();
            }
        }
        recorder.flush();
        double committed = seconds(start);
        recorder.close();
        double closed = seconds(start);
        double cpu =
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis()
                        / 1e3;
        print("rows %d, bytes a row %.1f", rows, (double) Files.size(file) / rows);
        print("committed %.0f rows/s, closed %.0f rows/s", rows / committed, rows / closed);
        print("CPU time of the whole process %.2f s per million rows", cpu * 1e6 / rows);
        print("slowest tenth handed over at %.0f rows/s", slowest);
        print("lost %d, dropped %d", recorder.stats().lost(), recorder.stats().dropped());
    }

    private void read(RowFilter filter, String what) {
        AtomicLong rows = new AtomicLong();
        long start = System.nanoTime();
        RunFileReader.open(file).forEachLikelihood(filter, row -> rows.incrementAndGet());
        double seconds = seconds(start);
        print("read %s: %d rows in %.2f s", what, rows.get(), seconds);
    }

    private RunFileRecorder open() {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "digest " + probe, "benchmark", "prompt " + probe));
            for (int kind = 0; kind < KINDS; kind++) {
                responses.add(new ResponseRow(probe, kind(kind), "text", 20));
            }
        }
        RunHeader header = RunHeader.builder("benchmark", Instant.EPOCH).build();
        return RunFileRecorder.builder(file, header).probes(probes).responses(responses).build();
    }

    private static String kind(int kind) {
        return "kind " + kind;
    }

    private StepRecording recording(long step) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            for (int kind = 0; kind < KINDS; kind++) {
                rows.add(row(step, probe, kind(kind)));
            }
        }
        return new StepRecording(stepRow(step), rows, List.of(), List.of());
    }

    private LikelihoodRow row(long step, int probe, String kind) {
        return new LikelihoodRow(
                step,
                probe,
                kind,
                -100 * random.nextDouble(),
                -50 * random.nextDouble(),
                -90 * random.nextDouble(),
                30 * random.nextDouble(),
                random.nextDouble(),
                random.nextDouble(),
                5 * random.nextDouble(),
                20);
    }

    /** The same values at another step: what a listener's own objects cost to make. */
    private static StepRecording restep(StepRecording recording, long step) {
        List<LikelihoodRow> rows = new ArrayList<>(recording.likelihoods().size());
        for (LikelihoodRow row : recording.likelihoods()) {
            rows.add(
                    new LikelihoodRow(
                            step,
                            row.probe(),
                            row.kind(),
                            row.logProb(),
                            row.argmaxLogProb(),
                            row.restLogProb(),
                            row.peakiness(),
                            row.gap(),
                            row.energy(),
                            row.entropy(),
                            row.tokens()));
        }
        return new StepRecording(stepRow(step), rows, List.of(), List.of());
    }

    private static StepRow stepRow(long step) {
        return new StepRow(step, step * 10, 0, step, 0.5, 1e-4, 1, 10, 1);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
