package org.learningdynamics.it.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * A process of its own that writes a run file recording by recording, when it is told: both the
 * program and the handle of the one started.
 */
final class WritingProcess implements AutoCloseable {
    private static final int PROBES = 12;
    private static final List<String> KINDS = List.of("chosen", "rejected", "irr_train");

    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    private WritingProcess(Process process) {
        this.process = process;
        this.commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static WritingProcess start(Path run, String name) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        run.toString(),
                        name);
        return new WritingProcess(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** Makes recordings, waits until they are committed. */
    void record(int recordings) throws IOException {
        tell("record " + recordings);
    }

    /** Ends the run properly. */
    void finish() throws IOException {
        tell("close");
    }

    /** Sends a command and waits until the program repeats it. */
    private void tell(String command) throws IOException {
        commands.println(command);
        String answer = answers.readLine();
        while (answer != null && !answer.equals(command)) {
            answer = answers.readLine();
        }
        if (answer == null) {
            throw new IOException("the writing process ended before it repeated " + command);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /**
     * Writes.
     *
     * @param arguments the run file and the run's name
     * @throws IOException if nobody tells it what to do
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (RunFileRecorder recorder = recorder(Path.of(arguments[0]), arguments[1])) {
            String line = in.readLine();
            while (line != null && !line.equals("close")) {
                for (int i = Integer.parseInt(line.split(" ", -1)[1]); i > 0; i--) {
                    record(recorder);
                }
                recorder.flush();
                out.println(line);
                line = in.readLine();
            }
        }
        out.println("close");
    }

    private static RunFileRecorder recorder(Path run, String name) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "digest " + probe, "set", "Question " + probe + "?"));
            for (String kind : KINDS) {
                responses.add(new ResponseRow(probe, kind, kind + " text " + probe, 4));
            }
        }
        RunHeader header =
                RunHeader.builder(name, Instant.parse("2026-01-02T03:04:05Z")).stage("dpo").build();
        return RunFileRecorder.builder(run, header).probes(probes).responses(responses).build();
    }

    private static void record(RunFileRecorder recorder) {
        long step = recorder.nextStep();
        for (long i = 10 * step - 9; step > 0 && i <= 10 * step; i++) {
            recorder.record(new Metric(i, "loss", 1.0 / i));
        }
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            for (int k = 0; k < KINDS.size(); k++) {
                double value = -40 - 5 * k + (1 - k) * step + 0.1 * probe;
                rows.add(
                        new LikelihoodRow(
                                step, probe, KINDS.get(k), value, -9, -8, 3, 1, 0.5, 2, 4));
            }
        }
        StepRow row =
                new StepRow(step, 10 * step, 0, System.currentTimeMillis(), 0.5, 1e-4, 1, 10, 1);
        recorder.record(new StepRecording(row, rows, List.of(), List.of()));
    }
}
