package org.learningdynamics.it.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.AttributionBlock;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunFileRecorder;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.recording.ScoredBlock;
import org.learningdynamics.recording.SelfInfluenceRow;

/**
 * The file of a job over two checkpoints: example 11 raises "yes" by 3 and lowers "no" by 6,
 * example 12 lowers "yes" by 4 and raises "no" by 8.
 */
final class StoredRun {
    private StoredRun() {}

    static Path write(Path path) {
        Map<String, String> settings =
                Map.of("influence.form", "dot", "influence.checkpoints", "0@0.1 10@0.2");
        RunHeader header = RunHeader.builder("job", Instant.EPOCH).configuration(settings).build();
        try (RunFileRecorder recorder =
                RunFileRecorder.builder(path, header)
                        .probes(List.of(new ProbeRow(1, "a", "set", "right?")))
                        .responses(
                                List.of(
                                        new ResponseRow(1, "chosen", "yes", 1),
                                        new ResponseRow(1, "rejected", "no", 1)))
                        .build()) {
            recorder.record(new ExampleRow(11, "d", "prompt of the helper"));
            recorder.record(new ExampleRow(12, "d", "prompt of the harmer"));
            recorder.record(block(0, 11, 1));
            recorder.record(block(10, 11, 2));
            recorder.record(block(0, 12, -3));
            recorder.record(block(10, 12, -1));
        }
        return path;
    }

    private static AttributionBlock block(long checkpoint, long example, double x) {
        return new AttributionBlock(
                new ScoredBlock(checkpoint, example),
                List.of(
                        new AttributionRow(example, 1, "chosen", x, 1),
                        new AttributionRow(example, 1, "rejected", -2 * x, 1)),
                List.of(new SelfInfluenceRow(example, 1, 1)));
    }
}
