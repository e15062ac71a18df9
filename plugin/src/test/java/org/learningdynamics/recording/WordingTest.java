package org.learningdynamics.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordingTest {
    @TempDir private Path directory;

    private RunFileReader written(Texts texts) {
        Path file = directory.resolve("run.ldyn");
        try (RunFileRecorder recorder = SampleRun.builder(file).texts(texts).build()) {
            recorder.record(new TokenText(3, "three"));
            recorder.record(new TokenText(3, "drei"));
            recorder.record(new ResponseTokens(7, "chosen", List.of(3, 4)));
            recorder.record(new ResponseTokens(7, "irr_train", List.of()));
            recorder.record(new ResponseTokens(0, "rejected", List.of(5)));
            recorder.record(new ExampleResponse(5, "chosen", "ja"));
        }
        return RunFileReader.open(file);
    }

    private static List<Object> all(RunFileReader reader) {
        List<Object> all = new ArrayList<>();
        reader.wording().forEachTokenText(all::add);
        reader.wording().forEachResponse(all::add);
        reader.wording().forEachExampleResponse(all::add);
        return all;
    }

    @Test
    void theLaterWordingStands() {
        assertEquals(
                List.of(
                        new TokenText(3, "drei"),
                        new ResponseTokens(0, "rejected", List.of(5)),
                        new ResponseTokens(7, "chosen", List.of(3, 4)),
                        new ExampleResponse(5, "chosen", "ja")),
                all(written(Texts.FULL)));
    }

    @Test
    void tokensAreLeftOutWhereTextsAre() {
        String digest = "sha256:" + Digests.sha256("ja");
        assertEquals(List.of(new ExampleResponse(5, "chosen", digest)), all(written(Texts.DIGEST)));
    }

    @Test
    void rejectsUnknownParts() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ExampleResponse(0, "prompt", "text"));
        assertEquals(
                "part must be one of [response, chosen, rejected], got \"prompt\"", e.getMessage());
    }
}
