package org.learningdynamics.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.pretrained.PretrainedModel;
import org.learningdynamics.safetensors.Safetensors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * PyTorch makes checkpoints, the library changes their weights and writes them back, PyTorch loads
 * what was written and answers as the library does. Skipped where no Python has PyTorch.
 */
@Timeout(120)
class CheckpointPeerTest {
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
    private static final Path PEER = Path.of("src", "test", "python", "checkpoint_peer.py");
    private static final int[][] IDS = {{7, 0, 39, 12, 12, 5}, {1, 2, 3, 30, 20, 10}};
    private static final String IDS_AS_JSON = "[[7,0,39,12,12,5],[1,2,3,30,20,10]]";

    @TempDir private static Path directory;

    @BeforeAll
    static void writeBackAndAsk() throws Exception {
        String python = pythonWithTorch();
        Path made = directory.resolve("made");
        run(List.of(python, PEER.toString(), "make", made.toString()));
        List<String> ask = new ArrayList<>(List.of(python, PEER.toString(), "logits", IDS_AS_JSON));
        try (Stream<Path> folders = Files.list(made)) {
            for (Path source : folders.filter(Files::isDirectory).toList()) {
                ask.add(changed(source).toString());
            }
        }
        run(ask);
    }

    private static String pythonWithTorch() throws Exception {
        for (String python : PYTHONS) {
            if (exit(List.of("sh", "-c", python + " -c 'import torch'")) == 0) {
                return python;
            }
        }
        assumeTrue(false, "no python3 with PyTorch is here");
        return "";
    }

    private static void run(List<String> command) throws Exception {
        assertEquals(0, exit(command), () -> String.join(" ", command) + "\n" + output());
    }

    private static int exit(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(directory.resolve("output.txt").toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    private static String output() {
        try {
            return Files.readString(directory.resolve("output.txt"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** A checkpoint of the same kind with other weights. */
    private static Path changed(Path source) throws IOException {
        Path folder = directory.resolve("written").resolve(source.getFileName());
        try (DecoderModel model = PretrainedModel.load(source, DataType.FLOAT)) {
            model.parameters().values().forEach(array -> array.muli(0.9).addi(0.01));
            PretrainedModel.save(model, folder, source);
        }
        return folder;
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-neox-parallel, F32",
        "gpt-neox-sequential, F32",
        "llama-grouped, F32",
        "llama-half, F16",
        "qwen2-tied, BF16",
        "qwen2-untied, F32",
        "gpt2, F32"
    })
    void pythonReadsWhatWasWritten(String name, String type) throws IOException {
        Path folder = directory.resolve("written").resolve(name);
        try (Safetensors answer = Safetensors.open(folder.resolve("answer.safetensors"));
                DecoderModel model = PretrainedModel.load(folder, DataType.FLOAT)) {
            assertEquals(type, answer.metadata().get("dtypes"));
            INDArray expected = answer.read("logits", DataType.DOUBLE);
            INDArray actual = model.logits(IDS).castTo(DataType.DOUBLE);
            assertArrayEquals(expected.shape(), actual.shape());
            double largest = expected.amaxNumber().doubleValue();
            double error = expected.sub(actual).amaxNumber().doubleValue() / largest;
            assertTrue(error <= 1e-4, () -> "logits differ by " + error);
        }
    }
}
