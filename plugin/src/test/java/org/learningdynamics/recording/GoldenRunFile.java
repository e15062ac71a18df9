package org.learningdynamics.recording;

import java.nio.file.Path;
import java.util.List;

/**
 * Wrote {@code version-1.ldyn} to {@code version-4.ldyn} when their format versions were made, the
 * interactions with the second, the wording with the third, the distributions with the fourth. A
 * golden file is never written again; a later format version gets a file of its own beside it.
 */
public final class GoldenRunFile {
    private GoldenRunFile() {}

    /**
     * Writes the file of this library's format version.
     *
     * @param arguments the file
     */
    public static void main(String[] arguments) {
        try (RunFileRecorder recorder = SampleRun.builder(Path.of(arguments[0])).build()) {
            recorder.record(new ExampleRow(5, "d5", "İstanbul?"));
            recorder.record(SampleRun.recording(0, 0));
            recorder.record(new Metric(1, "rewards/margins", 0.25));
            recorder.record(new Metric(2, "rewards/margins", Double.NaN));
            recorder.record(new Event(0, Severity.INFO, "note", "a note, 1,5"));
            recorder.record(unusual());
            recorder.record(SampleInteractions.recording(2, 20));
            recorder.record(new AttributionRow(70, 7, "chosen", -0.25, 3));
            recorder.record(
                    new AttributionBlock(
                            new ScoredBlock(20, 1),
                            List.of(new AttributionRow(71, 7, "chosen", 0.5, 1)),
                            List.of(new SelfInfluenceRow(71, 0.75, 1))));
            recorder.record(new TokenText(9, "Schl"));
            recorder.record(new TokenText(11, "\u0000二"));
            recorder.record(new ResponseTokens(7, "chosen", List.of(9, 11, 9)));
            recorder.record(new ResponseTokens(7, "rejected", List.of(11)));
            recorder.record(new ExampleResponse(5, "chosen", "ja"));
            recorder.record(new ExampleResponse(5, "rejected", ""));
        }
    }

    private static StepRecording unusual() {
        double nan = Double.NaN;
        double infinity = Double.POSITIVE_INFINITY;
        return new StepRecording(
                new StepRow(1, 10, 2, 1_700_000_000_001L, nan, nan, nan, nan, nan),
                List.of(new LikelihoodRow(1, 7, "chosen", nan, -infinity, -2.5, 1, 2, 3, 4, 5)),
                List.of(new TokenRow(1, 7, "chosen", 0, nan, 9)),
                List.of(new DistributionRow(1, 7, "chosen", 0, 9, nan)),
                List.of(new Event(1, Severity.ERROR, "probe_failed", "probe 0 failed")),
                Interactions.NONE);
    }
}
