package org.learningdynamics.export;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.recording.RunFileException;

/** Every lie of a table's file is refused with file, line, rule and value. */
class ImportErrorsTest {
    @TempDir private Path folder;
    private Path csv;
    private Path json;

    @BeforeEach
    void export() throws IOException {
        Path run = SampleRuns.reference(folder.resolve("run.ldyn"), 2, 1);
        csv = folder.resolve("csv");
        json = folder.resolve("json");
        RunExport.write(run, csv, ExportFormat.CSV);
        RunExport.write(run, json, ExportFormat.JSONL);
    }

    private String refusal(Path files) {
        return assertThrows(
                        ExchangeException.class,
                        () ->
                                RunImport.read(
                                        List.of(files),
                                        folder.resolve("new.ldyn"),
                                        ReferenceOptions.DEFAULT))
                .getMessage();
    }

    private static void change(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), from);
        int at = text.indexOf(from);
        Files.writeString(file, text.substring(0, at) + to + text.substring(at + from.length()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step.csv|1,10,1|1,1x,1|3: iteration must be a whole number of 64 bits, got \"1x\"",
                "step.csv|0,0,1|-1,0,1|2: step must be a whole number from 0 to"
                        + " 9223372036854775807, got -1",
                "step.csv|1,10,1|0,10,1|3: row must be the only one of its step, got two",
                "step.csv|0,0,1|0,0,1,1|2: record must have 9 fields, got 10",
                "step.csv|,2.5,|,1e999,|2: grad_norm must be a number of double precision, got"
                        + " \"1e999\"",
                "step.csv|,2.5,|,NaN,|2: grad_norm must be a number, not NaN, or not measured, got"
                        + " NaN",
                "step.csv|,2.5,|,0x1p3,|2: grad_norm must be a number, got \"0x1p3\"",
                "step.csv|,NaN,|,,|3: loss must be a number or NaN here, as no header entry"
                        + " \"not_measured.…\" names it, got nothing",
                "step.csv|step,|steps,|1: columns must be step,iteration,epoch,time_ms,loss,"
                        + "learning_rate,grad_norm,step_ms,overhead_ms, got \"steps,iteration",
                "likelihood.csv|1,0,chosen|7,0,chosen|14: step must be a recording of table step,"
                        + " got 7",
                "likelihood.csv|0,0,chosen,|0,3000000000,chosen,|2: probe must be a whole number"
                        + " from -2147483648 to 2147483647, got 3000000000",
                "likelihood.csv|0,0,chosen,|0,0, ,|2: kind must be a text that is not blank, got"
                        + " \" \"",
                "likelihood.csv|0,0,chosen,|0,0,\"chosen\"x,|2: closing quote must be followed by"
                        + " a comma or an end of line, got byte 120",
                "likelihood.csv|0,0,chosen,|0,0,ch\"sen,|2: field with a quote must be in quotes,"
                        + " got one that begins otherwise",
            })
    void aLieInCsvIsNamed(String file, String from, String to, String message) throws IOException {
        change(csv.resolve(file), from, to);
        String refusal = refusal(csv);
        assertTrue(refusal.contains(file + ":" + message), refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step.jsonl|\"step\":1|\"step\":1.5|2: step must be a whole number of 64 bits, got"
                        + " \"1.5\"",
                "step.jsonl|\"step\":0|\"step\":\"0\"|1: step must be a number, got a string",
                "step.jsonl|\"step\":0|\"step\":0,\"step\":0|1: key must occur once, got \"step\""
                        + " twice",
                "step.jsonl|\"epoch\":1,||1: keys must be [step, iteration, epoch, time_ms, loss,"
                        + " learning_rate, grad_norm, step_ms, overhead_ms], got none called epoch",
                "step.jsonl|\"epoch\":1|\"era\":1|1: keys must be [step, iteration, epoch, time_ms,"
                        + " loss, learning_rate, grad_norm, step_ms, overhead_ms], got \"era\"",
                "step.jsonl|\"grad_norm\":2.5|\"grad_norm\":NaN|1: line must be strict JSON, got",
                "step.jsonl|\"grad_norm\":2.5|\"grad_norm\":\"2.5\"|1: grad_norm must be a number,"
                        + " \"NaN\", \"Infinity\" or \"-Infinity\", got \"2.5\"",
                "step.jsonl|\"grad_norm\":2.5|\"grad_norm\":[]|1: grad_norm must be a number, got"
                        + " an array",
                "step.jsonl|\"loss\":\"NaN\"|\"loss\":null|2: loss must be a number or NaN here",
                "probe.jsonl|\"set\"|\"\\ud800\"|1: line must be strict JSON, got",
            })
    void aLieInJsonIsNamed(String file, String from, String to, String message) throws IOException {
        change(json.resolve(file), from, to == null ? "" : to);
        String refusal = refusal(json);
        assertTrue(refusal.contains(file + ":" + message), refusal);
    }

    @Test
    void twoObjectsOrHalfAnObjectInALineAreRefused() throws IOException {
        String line = Files.readAllLines(json.resolve("step.jsonl")).get(0);
        Files.writeString(json.resolve("step.jsonl"), line + line);
        assertTrue(
                refusal(json).contains("step.jsonl:1: line must be strict JSON, got"),
                refusal(json));
        Files.writeString(json.resolve("step.jsonl"), line.substring(0, line.length() - 1));
        assertTrue(refusal(json).endsWith("must be a whole JSON object, got its end"));
    }

    @Test
    void theHeadersDigestMustBeThatOfTheProbes() throws IOException {
        change(csv.resolve("response.csv"), "chosen_initial", "chosen_other");
        String message =
                assertThrows(
                                RunFileException.class,
                                () ->
                                        RunImport.read(
                                                List.of(csv),
                                                folder.resolve("new.ldyn"),
                                                ReferenceOptions.DEFAULT))
                        .getMessage();
        assertTrue(message.contains("probes_sha256 in the header must be that of"), message);
    }

    /** A flipped bit is refused by name, or the run says what the file now says. */
    @Test
    void flippedBitsAreRefusedOrReadAsTheyStand() throws IOException {
        Path run = SampleRuns.everything(folder.resolve("every.ldyn"));
        Random random = new Random(7);
        int read = 0;
        for (ExportFormat format : List.of(ExportFormat.CSV, ExportFormat.JSONL)) {
            Path files = folder.resolve("fuzz" + format);
            List<Path> tables = RunExport.write(run, files, format);
            for (int round = 0; round < 150; round++) {
                read += flip(tables.get(random.nextInt(tables.size())), files, format, random);
            }
        }
        assertTrue(read > 10 && read < 290, "read " + read);
    }

    private int flip(Path file, Path files, ExportFormat format, Random random) throws IOException {
        byte[] before = Files.readAllBytes(file);
        byte[] after = before.clone();
        after[random.nextInt(after.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, after);
        Path run = folder.resolve("fuzz.ldyn");
        try {
            RunImport.read(List.of(files), run, ReferenceOptions.DEFAULT);
            sameNumbers(run, file, after, format);
            return 1;
        } catch (ExchangeException | RunFileException e) {
            assertTrue(e.getMessage().length() > 20, e.getMessage());
            return 0;
        } finally {
            Files.deleteIfExists(run);
            Files.write(file, before);
        }
    }

    /** The imported run, exported again, is the changed file but for the spelling of one value. */
    private void sameNumbers(Path run, Path file, byte[] changed, ExportFormat format)
            throws IOException {
        Path out = folder.resolve("fuzz-out");
        List<Path> written = RunExport.write(run, out, format);
        byte[] text = Files.readAllBytes(out.resolve(file.getFileName().toString()));
        int[] more = new int[256];
        for (byte b : text) {
            more[b & 255]++;
        }
        for (byte b : changed) {
            more[b & 255]--;
        }
        // A row with another key may stand elsewhere; bytes are neither lost nor made up.
        assertTrue(Arrays.stream(more).map(Math::abs).sum() < 40, file.toString());
        for (Path each : written) {
            Files.delete(each);
        }
        Files.delete(out);
    }
}
