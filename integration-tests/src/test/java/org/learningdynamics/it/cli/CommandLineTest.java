package org.learningdynamics.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.samples.cli.Dynamics;

/** The verbs as a script would call them. */
class CommandLineTest {
    private static final int OK = 0;
    private static final int USAGE = 2;
    private static final int DATA = 3;

    @TempDir Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        int code =
                Dynamics.execute(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        texts);
        return new Outcome(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path pairs() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\",\"rejected\":\"no idea .\"}\n"
                            .formatted(i, i));
        }
        return Files.writeString(folder.resolve("pairs.jsonl"), lines);
    }

    private Outcome train(Path pairs, Object... more) {
        Object[] args = {
            "train",
            "--data",
            pairs,
            "--out",
            folder.resolve("run"),
            "--width",
            16,
            "--layers",
            1,
            "--heads",
            2,
            "--max-length",
            32,
            "--max-prompt-length",
            16,
            "--batch",
            4
        };
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return run(all);
    }

    @Test
    void trainsByTwoMethodsThenProbesAndReports() throws IOException {
        Outcome trained = train(pairs(), "--method", "sft,dpo", "--steps", "12,6");
        assertEquals(OK, trained.code(), trained.err());
        Path sft = folder.resolve("run/1-sft.ldyn");
        Path dpo = folder.resolve("run/2-dpo.ldyn");
        assertEquals(13, RunFileReader.open(sft).steps().size());
        assertEquals(12, RunFileReader.open(sft).metrics("loss").size());
        assertEquals(6, RunFileReader.open(dpo).metrics("rewards/margins").size());
        assertEquals(Math.log(2), RunFileReader.open(dpo).metrics("loss").get(0).value(), 1e-6);
        assertTrue(trained.out().contains("chosen"), trained.out());

        Path probes =
                Files.writeString(
                        folder.resolve("probes.jsonl"),
                        "{\"prompt\":\"what is 1 ?\",\"chosen\":\"it is 1 .\",\"odd one\":\"\"}\n");
        Path once = folder.resolve("once.ldyn");
        Outcome probed =
                run(
                        "probe",
                        "--model",
                        folder.resolve("run/model"),
                        "--probes",
                        probes,
                        "--out",
                        once);
        assertEquals(OK, probed.code(), probed.err());
        assertEquals(List.of("chosen", "odd one"), RunFileReader.open(once).kinds());

        Path page = folder.resolve("page.html");
        assertEquals(OK, run("report", sft, dpo, "--out", page).code());
        assertTrue(Files.readString(page).contains("<!DOCTYPE html>"));
        Path bare = folder.resolve("bare.html");
        assertEquals(OK, run("report", sft, dpo, "--max-probes", 0, "--out", bare).code());
        assertTrue(Files.size(bare) < Files.size(page));
        Outcome refused = run("report", sft, "--max-probes", -1, "--out", bare);
        assertEquals(USAGE, refused.code(), refused.err());
        assertTrue(refused.err().contains("maxProbes must be >= 0, got -1"), refused.err());
    }

    @Test
    void anAlarmEndsTrainingIfAskedTo() throws IOException {
        Outcome trained =
                train(
                        pairs(),
                        "--method",
                        "dpo,sft",
                        "--steps",
                        30,
                        "--learning-rate",
                        "1e-30",
                        "--stop-on",
                        "squeezing,rewards_stuck");
        assertEquals(OK, trained.code(), trained.err());
        assertTrue(
                trained.err().contains("dpo: stopped after update 11. Rewards stuck"),
                trained.err());
        assertTrue(trained.err().contains("sft: not trained"), trained.err());
        assertEquals(
                11, RunFileReader.open(folder.resolve("run/1-dpo.ldyn")).metrics("loss").size());
        assertFalse(Files.exists(folder.resolve("run/2-sft.ldyn")));
        assertTrue(Files.exists(folder.resolve("run/report.html")));
        Outcome unknown = train(pairs(), "--method", "dpo", "--stop-on", "sqeezing");
        assertEquals(USAGE, unknown.code(), unknown.err());
        assertTrue(unknown.err().contains("must be one of [squeezing,"), unknown.err());
    }

    @Test
    void optionsComeFromAFileAndTheCommandLineWins() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("options.json"),
                        "{\"method\": [\"sft\", \"ipo\"], \"steps\": [4, 3], \"beta\": 0.2}");
        Outcome trained = train(pairs(), "--config", config, "--beta", "0.3");
        assertEquals(OK, trained.code(), trained.err());
        RunFileReader ipo = RunFileReader.open(folder.resolve("run/2-ipo.ldyn"));
        assertEquals("0.3", ipo.header().configuration().get("beta"));
        assertEquals(3, ipo.metrics("loss").size());
    }

    @Test
    void unknownConfigurationKeysAreNamed() throws IOException {
        Path config = Files.writeString(folder.resolve("options.json"), "{\"lerning-rate\": 1}");
        Outcome refused = train(pairs(), "--config", config, "--method", "sft");
        assertEquals(USAGE, refused.code());
        assertTrue(
                refused.err().contains("options.json: unknown key \"lerning-rate\""),
                refused.err());
    }

    @Test
    void badLinesAreNamedByFileAndLine() throws IOException {
        Path bad =
                Files.writeString(
                        folder.resolve("bad.jsonl"),
                        "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n{\"prompt\":1}\n");
        Outcome refused = train(bad, "--method", "sft");
        assertEquals(DATA, refused.code(), refused.err());
        assertTrue(refused.err().contains("bad.jsonl:2: "), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
        assertFalse(refused.err().contains("\tat "), refused.err());
    }

    @Test
    void badValuesAreNamedWithTheirRule() throws IOException {
        Outcome refused = train(pairs(), "--method", "dpo", "--beta", "-0.1");
        assertEquals(USAGE, refused.code());
        assertTrue(refused.err().contains("beta must be > 0, got -0.1"), refused.err());
    }

    @Test
    void unknownMethodsAreAnsweredWithTheKnownOnes() throws IOException {
        Outcome refused = train(pairs(), "--method", "dop");
        assertEquals(USAGE, refused.code());
        assertTrue(refused.err().contains("dpo"), refused.err());
    }

    @Test
    void aFileThatIsNoRunIsADataError() throws IOException {
        Path text = Files.writeString(folder.resolve("x.ldyn"), "hello");
        Outcome refused = run("report", text, "--out", folder.resolve("x.html"));
        assertEquals(DATA, refused.code(), refused.err());
        assertTrue(refused.err().contains("x.ldyn"), refused.err());
    }

    @Test
    void aMissingModelIsADataError() throws IOException {
        Outcome refused =
                run("probe", "--model", folder, "--probes", pairs(), "--out", folder.resolve("o"));
        assertEquals(DATA, refused.code(), refused.err());
        assertTrue(refused.err().contains("model.safetensors is missing"), refused.err());
    }

    @Test
    void theTinyDemoRecordsFiveStagesAndWritesItsReport() throws IOException {
        Outcome demo = run("demo", "--size", "tiny", "--out", folder.resolve("demo"));
        assertEquals(OK, demo.code(), demo.err());
        for (String stage : List.of("pretrain", "sft", "dpo", "sft-extended", "dpo-extended")) {
            RunFileReader run = RunFileReader.open(folder.resolve("demo/" + stage + ".ldyn"));
            assertTrue(run.steps().size() >= 5, stage);
            assertTrue(run.kinds().size() >= 10, stage);
        }
        assertTrue(Files.size(folder.resolve("demo/report.html")) > 100_000);
        assertTrue(demo.out().contains("(e) holds"), demo.out());
    }

    @Test
    void theDoctorNamesBackendAndSpeed() throws IOException {
        Outcome doctor = run("doctor");
        assertEquals(OK, doctor.code(), doctor.out());
        assertTrue(doctor.out().contains("CpuBackend, ND4J 1.0.0-M2.1"), doctor.out());
        assertTrue(doctor.out().matches("(?s).*[1-9]\\d* GFLOP/s.*"), doctor.out());
        assertEquals("", doctor.err());
    }

    @Test
    void lossesAreComposedAndTheirParametersChecked() throws IOException {
        Outcome trained =
                train(
                        pairs(),
                        "--method",
                        "dpo+0.2*sft",
                        "--loss-parameter",
                        "dpo.beta=0.3",
                        "--steps",
                        "3");
        assertEquals(OK, trained.code(), trained.err());
        Outcome refused = train(pairs(), "--method", "sft,dpo", "--loss-parameter", "gamma=1");
        assertEquals(USAGE, refused.code());
        assertTrue(
                refused.err().contains("loss-parameter must be one of a loss of [sft, dpo]"),
                refused.err());
    }

    @Test
    void chesKeepsThePairsWithTheLowestScores() throws IOException {
        Path pairs = pairs();
        assertEquals(OK, train(pairs, "--method", "sft", "--steps", "3").code());
        Path kept = folder.resolve("kept.jsonl");
        Path scores = folder.resolve("scores.tsv");
        Outcome ches =
                run(
                        "ches",
                        "--model",
                        folder.resolve("run/model"),
                        "--data",
                        pairs,
                        "--keep",
                        0.5,
                        "--out",
                        kept,
                        "--scores",
                        scores);
        assertEquals(OK, ches.code(), ches.err());
        List<String> all = Files.readAllLines(pairs);
        List<String> rows = Files.readAllLines(scores);
        assertEquals(all.size() + 1, rows.size());
        List<String> left = Files.readAllLines(kept);
        assertEquals(Math.round(0.5 * all.size()), left.size());
        double[] sorted =
                rows.stream()
                        .skip(1)
                        .mapToDouble(row -> Double.parseDouble(List.of(row.split("\t", -1)).get(2)))
                        .sorted()
                        .toArray();
        for (String row : rows.subList(1, rows.size())) {
            List<String> cells = List.of(row.split("\t", -1));
            String pair = all.get(Integer.parseInt(cells.get(0)) - 1);
            boolean low = Double.parseDouble(cells.get(2)) <= sorted[left.size() - 1];
            assertEquals(low, left.contains(pair), row);
        }
        assertEquals(DATA, run("ches", "--model", folder, "--data", pairs, "--out", kept).code());
    }
}
