package org.learningdynamics.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/** A run file that a test writes recording by recording. */
final class LiveRunFile implements AutoCloseable {
    static final int PROBES = 6;
    static final List<String> KINDS = List.of("chosen", "rejected");
    static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    private final RunFileRecorder recorder;

    private LiveRunFile(RunFileRecorder recorder) {
        this.recorder = recorder;
    }

    static LiveRunFile open(Path path, String run) {
        return open(path, run, BEGIN);
    }

    static LiveRunFile open(Path path, String run, Instant begin) {
        List<ProbeRow> probes = new ArrayList<>();
        List<ResponseRow> responses = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            probes.add(new ProbeRow(probe, "digest " + probe, "set", "prompt " + probe));
            for (String kind : KINDS) {
                responses.add(new ResponseRow(probe, kind, kind + " text", 4));
            }
        }
        RunHeader header = RunHeader.builder(run, begin).stage("dpo").build();
        return new LiveRunFile(
                RunFileRecorder.builder(path, header).probes(probes).responses(responses).build());
    }

    /** Ten iterations with a loss and a recording after them, committed. */
    LiveRunFile record() {
        long step = recorder.nextStep();
        for (long i = 10 * step - 9; step > 0 && i <= 10 * step; i++) {
            recorder.record(new Metric(i, "loss", 1.0 / i));
        }
        List<LikelihoodRow> rows = new ArrayList<>();
        for (int probe = 0; probe < PROBES; probe++) {
            rows.add(row(step, probe, "chosen", -40 + step + 0.1 * probe));
            rows.add(row(step, probe, "rejected", -50 - 2 * step + 0.1 * probe));
        }
        long millis = BEGIN.toEpochMilli() + 1000 * step;
        StepRow row = new StepRow(step, 10 * step, 0, millis, 0.5, 1e-4, 1, 10, 20);
        recorder.record(new StepRecording(row, rows, List.of(), List.of()));
        recorder.flush();
        return this;
    }

    private static LikelihoodRow row(long step, int probe, String kind, double logProb) {
        return new LikelihoodRow(step, probe, kind, logProb, -10, -20, 3, 1, 0.5, 2, 4);
    }

    @Override
    public void close() {
        recorder.close();
    }
}
