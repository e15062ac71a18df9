package org.learningdynamics.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.learningdynamics.export.ExportFormat;
import org.learningdynamics.export.ReferenceOptions;
import org.learningdynamics.export.RunExport;
import org.learningdynamics.export.RunImport;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Measures exports and imports of a run of 500 probes × the paper's 12 kinds. Arguments: number of
 * recordings (167, which makes a million rows), directory for the files (a temporary one).
 */
public final class ExportBenchmark {
    private static final int PROBES = 500;
    private static final List<String> KINDS =
            List.of(
                    "chosen",
                    "chosen_initial",
                    "chosen_gptsemantic",
                    "chosen_gptformat",
                    "rejected",
                    "reject_gptsemantic",
                    "reject_gptformat",
                    "irr_train",
                    "irr_test",
                    "irr_hum",
                    "random_permute",
                    "random_nonhum");

    private ExportBenchmark() {}

    /**
     * Runs the benchmark and prints a row of a table a format.
     *
     * @param arguments recordings, directory
     * @throws IOException if the directory cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        int recordings = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 167;
        Path directory =
                arguments.length > 1
                        ? Files.createDirectories(Path.of(arguments[1]))
                        : Files.createTempDirectory("export-benchmark");
        Path run = directory.resolve("run.ldyn");
        write(run, recordings);
        System.out.printf(
                Locale.ROOT,
                "%d rows, run file %.1f MB%n| format | files MB | export s | import s |%n",
                (long) recordings * PROBES * KINDS.size(),
                Files.size(run) / 1e6);
        for (ExportFormat format : ExportFormat.values()) {
            measure(run, directory, format);
        }
    }

    private static void measure(Path run, Path directory, ExportFormat format) throws IOException {
        Path folder = directory.resolve(format.name().toLowerCase(Locale.ROOT));
        long start = System.nanoTime();
        List<Path> files = RunExport.write(run, folder, format);
        double exported = seconds(start);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        String imported = "–";
        if (format != ExportFormat.NPY) {
            List<Path> sources =
                    format == ExportFormat.REFERENCE
                            ? files.stream().filter(f -> f.toString().endsWith(".npy")).toList()
                            : List.of(folder);
            start = System.nanoTime();
            RunImport.read(
                    sources.subList(0, 1),
                    directory.resolve(format + ".ldyn"),
                    ReferenceOptions.DEFAULT);
            imported = String.format(Locale.ROOT, "%.1f", seconds(start));
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %s |%n",
                format,
                bytes / 1e6,
                exported,
                imported);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void write(Path run, int recordings) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "digest " + probe, "benchmark", "prompt " + probe));
            for (String kind : KINDS) {
                responses.add(new ResponseRow(probe, kind, "text", 20));
            }
        }
        SplittableRandom random = new SplittableRandom(1);
        RunHeader header = RunHeader.builder("benchmark", Instant.EPOCH).build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(run, header).probes(probes).responses(responses).build()) {
            for (int step = 0; step < recordings; step++) {
                recorder.record(
                        new StepRecording(
                                new StepRow(step, 300L * step, 0, 0, 1, 1e-3, 1, 30, 200),
                                rows(step, random),
                                List.of(),
                                List.of()));
            }
        }
    }

    private static List<LikelihoodRow> rows(int step, SplittableRandom random) {
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            for (String kind : KINDS) {
                rows.add(
                        new LikelihoodRow(
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
                                20));
            }
        }
        return rows;
    }
}
