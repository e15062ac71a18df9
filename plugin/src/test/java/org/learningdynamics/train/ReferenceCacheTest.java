package org.learningdynamics.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.safetensors.Safetensors;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ReferenceCacheTest {
    @TempDir Path directory;

    private Path file() {
        return directory.resolve("reference.safetensors");
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder(TrainingMethod.DPO)
                .updates(3)
                .batchSize(4)
                .learningRate(0.01);
    }

    private double[] losses(TrainingOptions options) {
        return builder(options, TinyTask.data(TrainingMethod.DPO), TinyTask.model(DataType.FLOAT))
                .build()
                .run()
                .losses();
    }

    private TrainingRun.Builder builder(
            TrainingOptions options, TrainingData data, DecoderModel model) {
        return TrainingRun.builder(model, data, options).referenceCache(file());
    }

    @Test
    void aRunWithTheFileIsARunWithoutIt() {
        TrainingOptions options = options().build();
        double[] plain =
                TrainingRun.builder(
                                TinyTask.model(DataType.FLOAT),
                                TinyTask.data(TrainingMethod.DPO),
                                options)
                        .build()
                        .run()
                        .losses();
        assertArrayEquals(plain, losses(options));
        assertArrayEquals(plain, losses(options));
    }

    @Test
    void valuesComeFromTheFileOnceItIsThere() throws IOException {
        double[] first = losses(options().build());
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Safetensors content = Safetensors.open(file());
                INDArray values = content.read("log_probs", DataType.DOUBLE)) {
            assertArrayEquals(new long[] {10, 2}, values.shape());
            content.metadata().forEach(writer::metadata);
            values.getColumn(0).addi(1);
            writer.tensor("log_probs", TensorType.F64, values).write(file());
        }
        double[] changed = losses(options().build());
        assertNotEquals(first[0], changed[0]);
        assertEquals(Math.log1p(Math.exp(0.1)), changed[0], 1e-6);
    }

    @Test
    void aFullEpochIsKeptSoThatLongerRunsCanUseIt() {
        losses(options().updates(1).build());
        assertEquals(6, losses(options().updates(6).build()).length);
    }

    @Test
    void aFileOfAnythingElseIsRefusedByName() {
        losses(options().build());
        TrainingData data = TinyTask.data(TrainingMethod.DPO);
        assertStale("batch_size", options().batchSize(5).build(), data);
        assertStale("seed", options().seed(7).build(), data);
        assertStale(
                "data_sha256",
                options().build(),
                TrainingData.preferences(
                        TinyTask.preferences().subList(1, 10), TinyTask.encoder()));
        SequenceEncoder shorter =
                new SequenceEncoder(
                        TinyTask.encoder().tokenizer(), new Truncation(7, 3, KeepPrompt.END));
        assertStale(
                "tokens_sha256",
                options().build(),
                TrainingData.preferences(TinyTask.preferences(), shorter));
        DecoderModel other = TinyTask.model(DataType.FLOAT);
        other.parameters().values().iterator().next().putScalar(0, 0.5);
        assertStale("reference_sha256", builder(options().build(), data, other));
    }

    private void assertStale(String what, TrainingOptions options, TrainingData data) {
        assertStale(what, builder(options, data, TinyTask.model(DataType.FLOAT)));
    }

    private void assertStale(String what, TrainingRun.Builder run) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> run.build().run()).getMessage();
        String start = "reference cache " + file() + " is stale: its " + what + " is ";
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        Files.writeString(file(), "nothing");
        String message =
                assertThrows(DataException.class, () -> losses(options().build())).getMessage();
        assertTrue(message.startsWith(file() + ": cannot be read"), message);
    }

    @Test
    void onlyAPrecomputedReferenceIsKept() {
        TrainingRun.Builder sft =
                builder(
                        TrainingOptions.builder(TrainingMethod.SFT).build(),
                        TinyTask.data(TrainingMethod.SFT),
                        TinyTask.model(DataType.FLOAT));
        assertEquals(
                "a reference cache needs a precomputed reference, got method sft with no reference",
                assertThrows(IllegalArgumentException.class, sft::build).getMessage());
    }

    @Test
    void theDigestSeesEveryBit() {
        DecoderModel model = TinyTask.model(DataType.DOUBLE);
        String digest = ParameterDigest.of(model);
        assertEquals(digest, ParameterDigest.of(TinyTask.model(DataType.DOUBLE)));
        INDArray last = model.parameters().values().stream().reduce((a, b) -> b).orElseThrow();
        last.putScalar(last.length() - 1, Math.nextUp(last.getDouble(last.length() - 1)));
        assertNotEquals(digest, ParameterDigest.of(model));
    }
}
