package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.train.TrainingResult;

/**
 * A training that is killed, while it writes a state and in an update, ends as if it had not been.
 */
@Timeout(180)
class ResumeCrashTest {
    @TempDir private Path directory;
    private Path states;
    private Path file;

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private boolean isWriting() throws IOException {
        return names(states).stream().anyMatch(name -> name.endsWith(".tmp"));
    }

    private RecordingProcess start() throws IOException {
        return RecordingProcess.of(ResumableRunProcess.class, states, file);
    }

    private static int await(RecordingProcess run, int update) throws IOException {
        int done = 0;
        while (done < update) {
            done = Integer.parseInt(run.await("update"));
        }
        return done;
    }

    /** Nearly all of the time goes into states, so that a kill soon meets one half written. */
    private void killWhileWriting() throws Exception {
        boolean half = false;
        for (int attempt = 0; attempt < 5 && !half; attempt++) {
            try (RecordingProcess run = start()) {
                await(run, 2 + attempt);
                while (!isWriting() && run.isAlive()) {
                    Thread.onSpinWait();
                }
                run.kill();
            }
            half = isWriting();
        }
        assertTrue(half, "no state was half written: " + names(states));
    }

    @Test
    void equalsTheUndisturbedRunAfterTwoKills() throws Exception {
        states = Files.createDirectory(directory.resolve("states"));
        file = directory.resolve("killed.ldyn");
        killWhileWriting();
        try (RecordingProcess run = start()) {
            await(run, 8);
            run.kill();
        }
        DecoderModel killed = ResumableRunProcess.model();
        TrainingResult ended = ResumableRunProcess.goOn(killed, states, file);
        assertEquals(List.of("killed-update000010", "killed-update000011"), names(states));

        DecoderModel whole = ResumableRunProcess.model();
        Path undisturbed = directory.resolve("whole.ldyn");
        TrainingResult expected = ResumableRunProcess.run(whole, undisturbed).build().run();
        assertArrayEquals(expected.losses(), ended.losses());
        assertEquals(whole.parameters(), killed.parameters());
        assertEquals(rows(undisturbed), rows(file));
    }

    private static List<String> rows(Path file) {
        RunFileReader run = RunFileReader.open(file);
        List<String> rows = new ArrayList<>();
        run.steps().forEach(step -> rows.add(step.iteration() + " " + step.loss()));
        run.metrics("gradient_norm").forEach(metric -> rows.add(metric.toString()));
        run.metrics("loss").forEach(metric -> rows.add(metric.toString()));
        run.likelihoods(RowFilter.ALL).forEach(row -> rows.add(row.toString()));
        return rows;
    }
}
