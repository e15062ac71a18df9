package org.learningdynamics.it.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.recording.Event;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.Metric;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.Recorder;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.Severity;
import org.learningdynamics.recording.StepRecording;
import org.learningdynamics.recording.StepRow;

/**
 * Run files with the shape of real ones: supervised fine-tuning that lifts, preference training
 * that squeezes, and their extended variants, made from formulas and a seed.
 */
final class ReportRuns {
    /** How fast a kind moves in fine-tuning, in preference training, and in the extended one. */
    private record Pace(double start, double sft, double dpo, double extended) {}

    private static final Map<String, Pace> PACES = new LinkedHashMap<>();

    static {
        PACES.put("chosen", new Pace(-62, 24, -9, -2));
        PACES.put("chosen_initial", new Pace(-35, 3, -14, -8));
        PACES.put("chosen_gptsemantic", new Pace(-70, 15, -8, -3));
        PACES.put("chosen_gptformat", new Pace(-66, 12, -10, -5));
        PACES.put("rejected", new Pace(-64, 11, -32, -29));
        PACES.put("reject_gptsemantic", new Pace(-71, 9, -20, -17));
        PACES.put("reject_gptformat", new Pace(-69, 8, -17, -14));
        PACES.put("irr_train", new Pace(-80, 10, -13, -7));
        PACES.put("irr_test", new Pace(-82, 4, -15, -9));
        PACES.put("irr_hum", new Pace(-88, -3, -16, -11));
        PACES.put("random_permute", new Pace(-120, -9, -12, -9));
        PACES.put("random_nonhum", new Pace(-128, -14, -14, -11));
    }

    private final int probes;
    private final int recordings;
    private final String hostile;

    /**
     * Settings of the files.
     *
     * @param hostile put into every text, name and message that a report shows
     */
    ReportRuns(int probes, int recordings, String hostile) {
        this.probes = probes;
        this.recordings = recordings;
        this.hostile = hostile;
    }

    /** Four runs: two lines of fine-tuning followed by preference training. */
    List<Path> write(Path folder) {
        return List.of(
                write(folder.resolve("sft.ldyn"), "sft", "", 0, false),
                write(folder.resolve("dpo.ldyn"), "dpo", "sft", 1, false),
                write(folder.resolve("sft-ext.ldyn"), "extended sft", "", 0, true),
                write(
                        folder.resolve("dpo-ext.ldyn"),
                        "dpo after extended",
                        "extended sft",
                        1,
                        true));
    }

    /** A run of one probe, with no recording or with some. */
    static Path bare(Path file, int recordings) {
        ReportRuns runs = new ReportRuns(1, Math.max(2, recordings), "");
        RunHeader header = RunHeader.builder("bare", Instant.EPOCH).build();
        try (Recorder recorder =
                RunFileRecorder.builder(file, header)
                        .probes(runs.probeRows())
                        .responses(runs.responses())
                        .build()) {
            for (int t = 0; t < recordings; t++) {
                recorder.record(runs.recording(t, 0, false));
            }
            recorder.flush();
        }
        return file;
    }

    private Path write(Path file, String run, String origin, int stage, boolean extended) {
        RunHeader.Builder header =
                RunHeader.builder(run + hostile, Instant.parse("2026-01-02T03:04:05Z"))
                        .stage(stage == 0 ? "sft" : "dpo")
                        .libraryVersion("0.1.0")
                        .dl4jVersion("1.0.0-M2.1")
                        .backend("nd4j-native")
                        .jvm("17")
                        .os("linux")
                        .seed(7)
                        .configuration(
                                Map.of(
                                        "learning_rate",
                                        stage == 0 ? "0.001" : "0.0005",
                                        "batch",
                                        "16",
                                        "note",
                                        hostile));
        if (!origin.isEmpty()) {
            header.entry("continues", origin + hostile);
        }
        try (Recorder recorder =
                RunFileRecorder.builder(file, header.build())
                        .probes(probeRows())
                        .responses(responses())
                        .build()) {
            record(recorder, stage, extended);
        }
        return file;
    }

    private void record(Recorder recorder, int stage, boolean extended) {
        Random random = new Random(5 + stage + (extended ? 10 : 0));
        for (int t = 0; t < recordings; t++) {
            recorder.record(recording(t, stage, extended));
            for (int i = 1; t + 1 < recordings && i <= 100; i++) {
                metrics(recorder, 100L * t + i, stage, random);
            }
        }
        recorder.flush();
    }

    private void metrics(Recorder recorder, long iteration, int stage, Random random) {
        double part = iteration / (100.0 * (recordings - 1));
        double noise = random.nextGaussian();
        if (stage == 0) {
            recorder.record(
                    new Metric(iteration, "loss", 3.2 * Math.exp(-3 * part) + 0.9 + 0.1 * noise));
        } else {
            double moved = iteration == 1 ? 0 : 1; // policy and reference are the same at first
            double margin = iteration == 1 ? 0 : 2.5 * part + 0.3 * noise;
            double loss = iteration == 1 ? Math.log(2) : Math.log1p(Math.exp(-margin));
            recorder.record(new Metric(iteration, "loss", loss));
            recorder.record(new Metric(iteration, "rewards/margins", margin));
            recorder.record(
                    new Metric(iteration, "rewards/chosen", moved * (-0.9 * part + 0.1 * noise)));
            recorder.record(
                    new Metric(iteration, "rewards/rejected", moved * (-3.4 * part - 0.2 * noise)));
            recorder.record(
                    new Metric(
                            iteration,
                            "rewards/accuracies",
                            iteration == 1 ? 0 : 1 / (1 + Math.exp(-3 * margin))));
        }
        recorder.record(new Metric(iteration, "grad_norm", 1 + 0.2 * noise * noise));
        recorder.record(
                new Metric(iteration, "learning_rate", 1e-3 * Math.min(1, iteration / 50.0)));
    }

    private StepRecording recording(int t, int stage, boolean extended) {
        double loss = t == 0 ? Double.NaN : 1.0 / (t + stage);
        StepRow step =
                new StepRow(
                        t,
                        100L * t,
                        0,
                        1_760_000_000_000L + 4000L * t,
                        loss,
                        1e-3,
                        1,
                        38,
                        t == 0 ? 240 : 130 + t);
        List<LikelihoodRow> rows = new ArrayList<>();
        PACES.forEach(
                (kind, pace) -> {
                    for (int probe = 0; probe < probes; probe++) {
                        rows.add(row(t, stage, extended, kind, pace, probe));
                    }
                });
        List<Event> events =
                t == 3
                        ? List.of(
                                new Event(
                                        t,
                                        Severity.WARNING,
                                        "probe_failed",
                                        "probe 3 was left out" + hostile))
                        : List.of();
        return new StepRecording(step, rows, List.of(), events);
    }

    private LikelihoodRow row(
            int t, int stage, boolean extended, String kind, Pace pace, int probe) {
        double part = (double) t / (recordings - 1);
        Random own = new Random(31L * probe + kind.hashCode());
        double level = 8 * own.nextGaussian();
        double speed = 1 + 0.35 * own.nextGaussian();
        double wobble = 0.4 * new Random(1000L * t + 31L * probe + kind.hashCode()).nextGaussian();
        boolean own2 = extended && kind.startsWith("reject");
        double sft = pace.sft * (own2 ? 1.9 : 1) * (stage == 0 ? 1 - Math.exp(-4 * part) : 1);
        double dpo = stage == 0 ? 0 : extended ? pace.extended : pace.dpo;
        double early =
                kind.equals("chosen") && stage == 1
                        ? 3 * Math.exp(-40 * (part - 0.12) * (part - 0.12))
                        : 0;
        double logProb =
                pace.start + level + speed * (sft + dpo * Math.pow(part, 1.4) + early) + wobble;
        double sharp = stage == 0 ? 0.3 * part : 0.3 + (extended ? 0.25 : 0.6) * part;
        return new LikelihoodRow(
                t,
                probe,
                kind,
                logProb,
                -24 + 0.2 * level + 14 * sharp * speed + 0.2 * wobble,
                -22 + 0.2 * level - 26 * sharp * speed + wobble,
                24 + 9 * sharp + 0.3 * own.nextGaussian(),
                0.95 - 0.25 * sharp * speed + (kind.startsWith("random") ? 0.1 : 0),
                0.9 - 0.3 * sharp * speed + (kind.startsWith("random") ? 0.08 : 0),
                3.2 - 2 * sharp,
                18);
    }

    private List<ProbeRow> probeRows() {
        List<ProbeRow> rows = new ArrayList<>();
        for (int i = 0; i < probes; i++) {
            String prompt =
                    "Which river flows through town number " + i + ", and where does it end?";
            rows.add(new ProbeRow(i, String.format("%064x", i), "watched", prompt + hostile));
        }
        return rows;
    }

    private List<ResponseRow> responses() {
        List<ResponseRow> rows = new ArrayList<>();
        for (String kind : PACES.keySet()) {
            for (int i = 0; i < probes; i++) {
                String text =
                        "The "
                                + kind
                                + " answer to question "
                                + i
                                + ": it ends in the northern sea.";
                rows.add(new ResponseRow(i, kind, text + hostile, 18));
            }
        }
        return rows;
    }
}
