package org.learningdynamics.sweep.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFileTest {
    private static final ScoreColumn WINS = new ScoreColumn("wins", Goal.MAXIMIZE, "");
    private static final ScoreColumn NATS = new ScoreColumn("index", Goal.MINIMIZE, "nats");

    @TempDir private Path folder;

    private static SweepHeader header(String identity) {
        return new SweepHeader(
                "näme",
                identity,
                "{\n}",
                List.of("beta"),
                List.of(WINS, NATS),
                "0.1",
                Instant.parse("2026-01-02T03:04:05.678Z"));
    }

    private static CandidateRow candidate(int index) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("beta", 0.1 * (index + 1));
        parameters.put("steps", 300L);
        parameters.put("rate", 1e-300);
        parameters.put("whole", 3.0);
        parameters.put("extended", true);
        parameters.put("method", "dpo \"js\"\n<b>");
        return new CandidateRow(index, parameters);
    }

    private static ResultRow result(int index, double wins, double nats) {
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("wins", wins);
        scores.put("index", nats);
        return new ResultRow(
                index,
                CandidateState.DONE,
                "",
                List.of("runs/c.ldyn"),
                scores,
                new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY},
                1.5);
    }

    private void write(double[]... scores) {
        try (SweepWriter writer = SweepWriter.open(folder, header("a"))) {
            for (int i = 0; i < scores.length; i++) {
                writer.write(candidate(i));
                writer.write(result(i, scores[i][0], scores[i][1]));
            }
        }
    }

    @Test
    void readsWhatWasWritten() {
        write(new double[] {0.1 + 0.2, Double.NaN}, new double[] {Double.POSITIVE_INFINITY, -2});
        SweepFile file = SweepFile.read(folder);
        assertEquals(header("a"), file.header());
        assertEquals(List.of(candidate(0), candidate(1)), file.candidates());
        assertEquals(
                List.of(result(0, 0.1 + 0.2, Double.NaN), result(1, Double.POSITIVE_INFINITY, -2)),
                file.results());
    }

    @Test
    void ranksByTheFirstScoreAndLeavesOutWhatHasNone() {
        write(
                new double[] {1, 5},
                new double[] {Double.NaN, 0},
                new double[] {3, 7},
                new double[] {1, 6});
        SweepFile file = SweepFile.read(folder);
        assertEquals(List.of(2, 0, 3), file.ranked().stream().map(ResultRow::index).toList());
        assertEquals(List.of(0, 2), file.front().stream().map(ResultRow::index).toList());
    }

    @Test
    void everyPrefixIsReadOrSaysThatItHasNoWholeLine() throws IOException {
        write(new double[] {1, 2}, new double[] {3, 4});
        Path file = folder.resolve(SweepFile.NAME);
        byte[] whole = Files.readAllBytes(file);
        int most = 0;
        for (int length = 1; length <= whole.length; length += 7) {
            Path cut =
                    Files.write(
                            folder.resolve("cut.jsonl"), java.util.Arrays.copyOf(whole, length));
            try {
                int results = SweepFile.read(cut).results().size();
                assertTrue(results >= most, "fewer results in a longer prefix");
                most = results;
            } catch (SweepFileException e) {
                assertTrue(e.getMessage().endsWith("must begin with a whole line, has none"));
            }
        }
        assertEquals(2, SweepFile.read(file).results().size());
    }

    @Test
    void goesOnAfterWhatWasTorn() throws IOException {
        write(new double[] {1, 2}, new double[] {3, 4});
        Path file = folder.resolve(SweepFile.NAME);
        String text = Files.readString(file);
        Files.writeString(file, text + "{\"record\":\"cand");
        try (SweepWriter writer = SweepWriter.open(folder, header("a"))) {
            assertEquals(2, writer.before().results().size());
            writer.write(candidate(2));
        }
        assertEquals(3, SweepFile.read(folder).candidates().size());
        assertTrue(Files.readString(file).startsWith(text));
    }

    @Test
    void writesNothingTwice() {
        try (SweepWriter writer = SweepWriter.open(folder, header("a"))) {
            writer.write(candidate(0));
            assertThrows(IllegalStateException.class, () -> writer.write(candidate(0)));
            assertThrows(IllegalStateException.class, () -> writer.write(result(1, 0, 0)));
            writer.write(result(0, 0, 0));
            assertThrows(IllegalStateException.class, () -> writer.write(result(0, 0, 0)));
        }
        assertEquals(1, SweepFile.read(folder).results().size());
    }

    @Test
    void refusesAnotherIdentityAndASecondWriter() {
        try (SweepWriter writer = SweepWriter.open(folder, header("a"))) {
            SweepFileException busy =
                    assertThrows(
                            SweepFileException.class, () -> SweepWriter.open(folder, header("a")));
            assertTrue(busy.getMessage().endsWith("is being written by another sweep"));
            writer.write(candidate(0));
        }
        SweepFileException other =
                assertThrows(SweepFileException.class, () -> SweepWriter.open(folder, header("b")));
        assertTrue(other.getMessage().contains("its identity is a, this sweep's is b"));
    }

    @Test
    void namesTheLineThatIsNoRecord() throws IOException {
        write(new double[] {1, 2});
        Path file = folder.resolve(SweepFile.NAME);
        String good = Files.readString(file);
        String result = good.lines().skip(2).findFirst().orElseThrow();
        List<String> bad =
                List.of(
                        "nonsense",
                        "[1]",
                        "{}",
                        "{\"record\":\"other\"}",
                        "{\"record\":\"result\"}",
                        result,
                        result.replace("\"index\":0,\"state\"", "\"index\":7,\"state\""),
                        "{\"record\":\"candidate\",\"index\":-1,\"parameters\":{}}");
        for (String line : bad) {
            Files.writeString(file, good + line + "\n");
            SweepFileException e =
                    assertThrows(SweepFileException.class, () -> SweepFile.read(folder), line);
            assertTrue(e.getMessage().contains("line 4 is no record of a sweep: "), e.getMessage());
        }
        Files.writeString(file, good.replaceFirst("\"format\":1", "\"format\":2"));
        SweepFileException e = assertThrows(SweepFileException.class, () -> SweepFile.read(folder));
        assertTrue(e.getMessage().endsWith("format must be at most 1, got 2"), e.getMessage());
    }
}
