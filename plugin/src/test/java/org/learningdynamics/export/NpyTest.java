package org.learningdynamics.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Array files of NumPy. */
class NpyTest {
    private static final String HEADER =
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";

    @TempDir private Path folder;

    private Path written() throws IOException {
        Path file = folder.resolve("a.npy");
        Files.deleteIfExists(file);
        try (NpyWriter writer = new NpyWriter(file, NpyType.FLOAT64, 3)) {
            for (int i = 0; i < 6; i++) {
                writer.add(SampleRuns.hard(i));
            }
        }
        return file;
    }

    @Test
    void theBytesAreThoseOfFormatVersionOne() throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(written())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] prefix = new byte[10];
        bytes.get(prefix);
        assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}, prefix);
        byte[] header = new byte[118];
        bytes.get(header);
        String text = new String(header, StandardCharsets.US_ASCII);
        assertEquals(HEADER + " ".repeat(117 - HEADER.length()) + "\n", text);
        for (int i = 0; i < 6; i++) {
            assertEquals(SampleRuns.hard(i), bytes.getDouble());
        }
        assertEquals(0, bytes.remaining());
    }

    @Test
    void readsWhatItWrote() throws IOException {
        try (NpyReader reader = NpyReader.open(written())) {
            assertArrayEquals(new long[] {2, 3}, reader.shape());
            double[] values = reader.values(1, 5);
            for (int i = 0; i < values.length; i++) {
                assertEquals(SampleRuns.hard(1 + i), values[i]);
            }
        }
    }

    @Test
    void manyValuesGoThroughASmallBuffer() throws IOException {
        Path file = folder.resolve("many.npy");
        try (NpyWriter writer = new NpyWriter(file, NpyType.INT64)) {
            for (long i = 0; i < 100_000; i++) {
                writer.add(i);
            }
        }
        assertEquals(128 + 800_000, Files.size(file));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        assertEquals(99_999, bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(128 + 8 * 99_999));
    }

    private String refusal(Path file) {
        return assertThrows(ExchangeException.class, () -> NpyReader.open(file).close())
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(2, 3)|(2, 4)|at byte 128: array of shape [2, 4] must have 64 bytes, got 48",
                "(2, 3)|(9, 999999999999999999)|at byte 10: shape must fit a file, got [9, 9999999",
                "(2, 3)|(-2, 3)|at byte 10: header must be",
                "(2, 3)|(2,, 3)|at byte 10: shape must be whole numbers of at most 18 digits, got",
                "<f8|>f8|at byte 10: descr must be <f8, got \">f8\"",
                "False|True |at byte 10: fortran_order must be False, got True",
                "descr|desc|at byte 10: header must be",
            })
    void aLieInTheHeaderIsNamed(String from, String to, String message) throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, 10, 118, StandardCharsets.ISO_8859_1);
        String changed = text.replace(from, to == null ? "" : to).strip();
        byte[] header =
                (changed + " ".repeat(117 - changed.length()) + "\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(header, 0, bytes, 10, 118);
        Files.write(file, bytes);
        String refusal = refusal(file);
        assertTrue(refusal.contains(message == null ? "descr" : message), refusal);
    }

    @Test
    void lengthsThatTheFileDoesNotHaveAreNamed() throws IOException {
        Path file = written();
        byte[] bytes = Files.readAllBytes(file);
        bytes[9] = (byte) 0xff;
        Files.write(file, bytes);
        assertTrue(refusal(file).contains("at byte 10: file must have 65398 bytes from here on"));
        Files.write(file, new byte[] {(byte) 0x93, 'N'});
        assertTrue(
                refusal(file).contains("at byte 0: file must have 10 bytes from here on, got 2"));
        bytes[9] = 0;
        bytes[6] = 2;
        Files.write(file, bytes);
        assertTrue(refusal(file).contains("at byte 6: format version must be 1.0, got 2.0"));
        bytes[0] = 'P';
        Files.write(file, bytes);
        assertTrue(refusal(file).contains("at byte 0: array file must begin with \\x93NUMPY"));
    }

    @Test
    void flippedBitsOfTheHeaderAreRefusedOrChangeNothing() throws IOException {
        Path file = written();
        byte[] before = Files.readAllBytes(file);
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] bytes = before.clone();
            bytes[random.nextInt(128)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            try (NpyReader reader = NpyReader.open(file)) {
                assertArrayEquals(new long[] {2, 3}, reader.shape());
            } catch (ExchangeException e) {
                assertTrue(e.getMessage().contains(": at byte "), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 300, "refused " + refused);
    }

    @Test
    void numpyReadsEveryColumn() throws Exception {
        assumeTrue(python("import numpy").isEmpty(), "python3 with numpy is not here");
        Path run = SampleRuns.everything(folder.resolve("run.ldyn"));
        RunExport.write(run, folder.resolve("out"), ExportFormat.NPY);
        String script =
                """
                import json, numpy as np, sys
                d = sys.argv[1] + "/"
                v = np.load(d + "likelihood.log_prob.npy"); s = np.load(d + "likelihood.step.npy")
                k = np.load(d + "likelihood.kind.npy")
                names = [json.loads(line) for line in open(d + "likelihood.kind.jsonl")]
                m = np.load(d + "influence.value.npy")
                print(v.dtype, s.dtype, m.dtype, v.shape, m.shape, s[-1], sorted(set(k.tolist())))
                print(names[k[0]] < names[k[1]], np.isnan(m[0]), float(m[2]), repr(float(v[1])))
                """;
        assertEquals(
                "float64 int64 float32 (16,) (32,) 3 [0, 1]\n"
                        + "True True -0.10000000149011612 "
                        + SampleRuns.hard(6),
                python(script));
    }

    private String python(String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                "/usr/bin/env",
                                "python3",
                                "-c",
                                script,
                                folder.resolve("out").toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return output.strip();
    }
}
