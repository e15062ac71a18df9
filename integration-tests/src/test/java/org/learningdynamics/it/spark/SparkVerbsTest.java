package org.learningdynamics.it.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.cli.Dynamics;

/** {@code dynamics probe} and {@code dynamics influence} with {@code --spark}, and without. */
@NeedsSpark
@Timeout(120)
class SparkVerbsTest {
    private static final int PAIRS = 6;

    @TempDir private static Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @BeforeAll
    static void train() throws IOException {
        LocalSpark.stop(); // a verb makes a context of its own
        StringBuilder pairs = new StringBuilder();
        StringBuilder probes = new StringBuilder();
        for (int i = 0; i < PAIRS; i++) {
            String fields = "\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\"".formatted(i, i);
            pairs.append("{" + fields + ",\"rejected\":\"no idea .\"}\n");
            probes.append(i < 2 ? "{" + fields + ",\"other\":\"never .\"}\n" : "");
        }
        Files.writeString(folder.resolve("pairs.jsonl"), pairs);
        Files.writeString(folder.resolve("probes.jsonl"), probes);
        String sizes = "--steps 2 --checkpoint-every 2 --width 16 --layers 1 --heads 2 --batch 4";
        List<Object> args =
                new ArrayList<>(List.of("train", "--data", folder.resolve("pairs.jsonl")));
        args.addAll(List.of("--probes", folder.resolve("probes.jsonl"), "--method", "dpo"));
        args.addAll(List.of("--out", folder.resolve("run")));
        args.addAll(Arrays.asList(sizes.split(" ", -1)));
        Outcome trained = run(args.toArray());
        assertEquals(0, trained.code(), trained.err());
    }

    private static Outcome influence(Path file, Object... more) {
        List<Object> args = new ArrayList<>(List.of("influence", file, "--kind", "chosen"));
        args.addAll(List.of("--checkpoints", folder.resolve("run/1-dpo-checkpoints")));
        args.addAll(List.of("--data", folder.resolve("pairs.jsonl"), "--method", "dpo"));
        args.addAll(List.of("--probes", folder.resolve("probes.jsonl")));
        args.addAll(List.of(more));
        return run(args.toArray());
    }

    private static List<AttributionRow> attributions(Path file) {
        List<AttributionRow> rows = new ArrayList<>();
        RunFileReader.open(file).interactions().forEachAttribution(rows::add);
        return rows;
    }

    @Test
    void influenceRanksTheSameExamples() {
        Path here = folder.resolve("here.ldyn");
        Path spark = folder.resolve("spark.ldyn");
        Outcome without = influence(here, "--project", 64);
        Path tables = folder.resolve("tables");
        Outcome with = influence(spark, "--project", 64, "--spark", "local[2]", "--tables", tables);
        assertEquals(0, with.code(), with.err());
        assertEquals(without.out(), with.out());
        assertEquals(PAIRS * 4, attributions(here).size());
        assertEquals(attributions(here), attributions(spark));
        Outcome exact = influence(folder.resolve("no.ldyn"), "--spark", "local[2]");
        assertEquals(2, exact.code());
        assertTrue(
                exact.err().contains("--project must be given with --spark, got none"),
                exact.err());
    }

    @Test
    void probeMeasuresTheSame() {
        Path model = folder.resolve("run/model");
        Path file = folder.resolve("probes.jsonl");
        Path here = folder.resolve("probed-here.ldyn");
        Path spark = folder.resolve("probed-spark.ldyn");
        Outcome without = run("probe", "--model", model, "--probes", file, "--out", here);
        assertEquals(0, without.code(), without.err());
        Outcome with =
                run(
                        "probe",
                        "--model",
                        model,
                        "--probes",
                        file,
                        "--out",
                        spark,
                        "--tables",
                        folder.resolve("probed"),
                        "--spark",
                        "local[2]");
        assertEquals(0, with.code(), with.err());
        assertEquals(
                RunFileReader.open(here).likelihoods(RowFilter.ALL),
                RunFileReader.open(spark).likelihoods(RowFilter.ALL));
        Outcome nowhere =
                run("probe", "--model", model, "--probes", file, "--out", "x", "--spark", "local");
        assertEquals(2, nowhere.code());
        assertTrue(nowhere.err().contains("--tables must name a folder"), nowhere.err());
    }
}
