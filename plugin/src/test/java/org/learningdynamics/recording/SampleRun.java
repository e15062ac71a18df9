package org.learningdynamics.recording;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small run with known values, shared by the tests of the run file. */
final class SampleRun {
    static final List<String> KINDS = List.of("rejected", "chosen", "irr_train");
    static final String DATA = "0123456789abcdef".repeat(4);

    private SampleRun() {}

    static RunHeader.Builder header() {
        return RunHeader.builder("run ä", Instant.parse("2026-01-02T03:04:05.678Z"))
                .stage("dpo")
                .libraryVersion("0.1.0")
                .dl4jVersion("1.0.0-M2.1")
                .backend("nd4j-native 1.0.0-M2.1")
                .jvm("a JVM 17")
                .os("an OS")
                .seed(42)
                .dataSha256(DATA)
                .configuration(Map.of("beta", "0.1", "learningRate", "5.0E-7"))
                .entry("git", "abc");
    }

    static RunFileRecorderBuilder builder(Path path) {
        return RunFileRecorder.builder(path, header().build())
                .probes(probes())
                .responses(responses());
    }

    static List<ProbeRow> probes() {
        return List.of(
                new ProbeRow(0, "d0", "set", "Wer schläft?"), new ProbeRow(7, "d7", "set", "二?"));
    }

    static List<ResponseRow> responses() {
        List<ResponseRow> rows = new ArrayList<>();
        for (ProbeRow probe : probes()) {
            for (String kind : KINDS) {
                rows.add(new ResponseRow(probe.probe(), kind, kind + " <b>'\"\0x", 3));
            }
        }
        return rows;
    }

    static StepRow step(long step, long iteration) {
        return new StepRow(
                step, iteration, 1, 1_700_000_000_000L + step, 0.69, 1e-3, 2.5, 12.25, 3.5);
    }

    /** A recording whose values all follow from step, probe and kind. */
    static StepRecording recording(long step, long iteration) {
        List<LikelihoodRow> likelihoods = new ArrayList<>();
        List<TokenRow> tokens = new ArrayList<>();
        for (ProbeRow probe : probes()) {
            for (String kind : KINDS.stream().sorted().toList()) {
                likelihoods.add(likelihood(step, probe.probe(), kind));
                tokens.add(new TokenRow(step, probe.probe(), kind, 0, -0.5 - step, 11));
                tokens.add(new TokenRow(step, probe.probe(), kind, 1, -1.5 - step, 12));
            }
        }
        return new StepRecording(
                step(step, iteration),
                likelihoods,
                tokens,
                distributions(step),
                List.of(),
                Interactions.NONE);
    }

    /** Probe 7's chosen response: three tokens at one position, one of them impossible. */
    static List<DistributionRow> distributions(long step) {
        return List.of(
                new DistributionRow(step, 7, "chosen", 1, 9, -0.25 - step),
                new DistributionRow(step, 7, "chosen", 1, 11, -1.5 - step),
                new DistributionRow(step, 7, "chosen", 1, 12, Double.NEGATIVE_INFINITY));
    }

    static LikelihoodRow likelihood(long step, int probe, String kind) {
        double base = step + probe / 10.0 + kind.length() / 1e3;
        return new LikelihoodRow(
                step, probe, kind, -base, -base / 3, -1e-300 * base, base * 7, base / 9, 0.1, 3, 3);
    }

    static StepRecording recordingOf(LikelihoodRow row) {
        return new StepRecording(
                step(row.step(), row.step() * 10), List.of(row), List.of(), List.of());
    }
}
