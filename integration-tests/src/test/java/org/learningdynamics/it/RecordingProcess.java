package org.learningdynamics.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InfluenceForm;
import org.learningdynamics.recording.Interactions;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** A process of its own that records a run: both the program and the handle of the one started. */
final class RecordingProcess implements AutoCloseable {
    static final int PROBES = 20;
    static final List<String> KINDS = List.of("chosen", "rejected", "irr_train");
    static final int ROWS = PROBES * KINDS.size();
    static final int ITERATIONS_A_STEP = 5;

    private final Process process;
    private final BufferedReader output;

    private RecordingProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static RecordingProcess start(Path path, String behaviour, String... prefix)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordingProcess.class.getName(),
                        path.toString(),
                        behaviour));
        return new RecordingProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** Another program's process; its arguments are paths. */
    static RecordingProcess of(Class<?> program, Path... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                program.getName()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        return new RecordingProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the next line that starts with the word; returns what follows it. */
    String await(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
        throw new IOException("process ended without saying " + word);
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static RunFileRecorder recorder(Path path) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "digest " + probe, "set", "prompt " + probe));
            for (String kind : KINDS) {
                responses.add(new ResponseRow(probe, kind, kind + " text", 4));
            }
        }
        RunHeader header = RunHeader.builder("crash", Instant.EPOCH).build();
        return RunFileRecorder.builder(path, header).probes(probes).responses(responses).build();
    }

    /** Metrics of the iterations up to a step, then the step itself. */
    static void recordStep(RunFileRecorder recorder, long step) {
        long iteration = step * ITERATIONS_A_STEP;
        for (long i = iteration - ITERATIONS_A_STEP + 1; step > 0 && i <= iteration; i++) {
            recorder.record(new Metric(i, "loss", 1.0 / i));
        }
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            for (String kind : KINDS) {
                double value = value(step, probe, kind);
                rows.add(new LikelihoodRow(step, probe, kind, -value, -1, -2, 3, 1, 0.5, 2, 4));
            }
        }
        StepRow row = new StepRow(step, iteration, 0, step, 0.5, 1e-4, 1, 10, 1);
        recorder.record(new StepRecording(row, rows, List.of(), List.of(), interactions(step)));
    }

    /** Two examples' influence on all responses: 0, 1, 2 … in rows, halved. */
    private static Interactions interactions(long step) {
        float[] values = new float[2 * ROWS];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 2f;
        }
        FloatMatrix matrix = FloatMatrix.of(2, ROWS, values);
        InfluenceBlock block =
                new InfluenceBlock(
                        step,
                        InfluenceBlock.ALL_LAYERS,
                        InfluenceBlock.WHOLE,
                        InfluenceForm.UPDATE,
                        matrix);
        return new Interactions(
                List.of(), List.of(block), List.of(), List.of(), List.of(), List.of());
    }

    static double value(long step, int probe, String kind) {
        return step + probe / 100.0 + kind.length() / 1e4;
    }

    /**
     * Records.
     *
     * @param arguments the run file; {@code endless}, {@code forget} to close the recorder or
     *     {@code until-lost}
     */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        RunFileRecorder recorder = recorder(Path.of(arguments[0]));
        out.println("started " + recorder.lastIteration());
        String behaviour = arguments[1];
        boolean more = true;
        while (more) {
            long step = recorder.nextStep();
            recordStep(recorder, step);
            if (step % 20 == 0) {
                recorder.flush();
                out.println("flushed " + step);
            }
            more =
                    behaviour.equals("endless")
                            || (behaviour.equals("forget") && step < 50)
                            || (behaviour.equals("until-lost") && recorder.stats().lost() < 30);
        }
        if (behaviour.equals("until-lost")) {
            recorder.close();
            out.println("last " + recorder.stats().lastStep());
            out.println("failure " + recorder.stats().failure());
        }
    }
}
