package org.learningdynamics.lm.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.LoraConfig;
import org.learningdynamics.safetensors.SafetensorsException;
import org.learningdynamics.safetensors.SafetensorsFolder;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorInfo;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PretrainedModelTest {
    static final List<String> CHECKPOINTS = Checkpoints.NAMES;

    @TempDir private Path directory;

    @ParameterizedTest
    @FieldSource("CHECKPOINTS")
    void savesWhatItLoadedBitForBit(String name) throws IOException {
        Path source = Checkpoints.folder(name);
        Path saved = directory.resolve("a").resolve("saved");
        try (DecoderModel model = PretrainedModel.load(source, DataType.FLOAT)) {
            PretrainedModel.save(model, saved, source);
            try (DecoderModel again = PretrainedModel.load(saved, DataType.FLOAT)) {
                assertEquals(model.config(), again.config());
                assertEquals(model.parameters(), again.parameters());
            }
        }
        assertSameTensors(source, saved);
        assertArrayEquals(
                Files.readAllBytes(source.resolve("config.json")),
                Files.readAllBytes(saved.resolve("config.json")));
    }

    /** Names, types, shapes and bits; entries that are no weights are left out. */
    private static void assertSameTensors(Path source, Path saved) throws IOException {
        try (SafetensorsFolder before = SafetensorsFolder.open(source);
                SafetensorsFolder after = SafetensorsFolder.open(saved)) {
            Set<String> names =
                    Set.copyOf(
                            before.tensors().keySet().stream()
                                    .filter(name -> !name.endsWith(".attn.bias"))
                                    .toList());
            assertEquals(names, after.tensors().keySet());
            for (TensorInfo tensor : after.tensors().values()) {
                TensorInfo old = before.tensors().get(tensor.name());
                assertEquals(old.type(), tensor.type());
                assertEquals(old.shape(), tensor.shape());
                assertArrayEquals(
                        before.read(old.name(), DataType.DOUBLE).reshape(-1).toDoubleVector(),
                        after.read(old.name(), DataType.DOUBLE).reshape(-1).toDoubleVector());
            }
            after.metadata().values().forEach(m -> assertEquals("pt", m.get("format")));
        }
    }

    @Test
    void savesUnderAnotherTypeAndIntoTheSource() throws IOException {
        Path folder = Checkpoints.copy("qwen2-tied", directory.resolve("model"));
        try (DecoderModel model = PretrainedModel.load(folder, DataType.DOUBLE)) {
            model.parameters().get("final_norm").addi(1e-9);
            PretrainedModel.save(model, folder, folder, TensorType.F64);
            try (DecoderModel again = PretrainedModel.load(folder, DataType.DOUBLE)) {
                assertEquals(
                        0,
                        model.parameters()
                                .get("final_norm")
                                .sub(again.parameters().get("final_norm"))
                                .amaxNumber()
                                .doubleValue());
            }
        }
    }

    @Test
    void replacesShardsByOneFile() throws IOException {
        Path folder = Checkpoints.copy("llama-grouped", directory.resolve("model"));
        try (DecoderModel model = PretrainedModel.load(folder, DataType.FLOAT)) {
            PretrainedModel.save(model, folder, folder);
            assertTrue(Files.exists(folder.resolve("model.safetensors")));
            assertFalse(Files.exists(folder.resolve("model.safetensors.index.json")));
            assertEquals(
                    model.parameters(), PretrainedModel.load(folder, DataType.FLOAT).parameters());
        }
    }

    @Test
    void copiesTokenizerAndGenerationFiles() throws IOException {
        Path source = Checkpoints.copy("gpt2", directory.resolve("source"));
        Files.writeString(source.resolve("tokenizer.json"), "{\"a\": 1}");
        Files.writeString(source.resolve("merges.txt"), "a b");
        Files.writeString(source.resolve("generation_config.json"), "{}");
        Files.writeString(source.resolve("notes.txt"), "mine");
        Path saved = directory.resolve("saved");
        PretrainedModel.save(PretrainedModel.load(source, DataType.FLOAT), saved, source);
        assertEquals("{\"a\": 1}", Files.readString(saved.resolve("tokenizer.json")));
        assertEquals("a b", Files.readString(saved.resolve("merges.txt")));
        assertEquals("{}", Files.readString(saved.resolve("generation_config.json")));
        assertFalse(Files.exists(saved.resolve("notes.txt")));
    }

    @Test
    void savesOnlyWholeModelsOfTheSourcesShape() throws IOException {
        Path source = Checkpoints.folder("llama-half");
        DecoderModel model = PretrainedModel.load(source, DataType.FLOAT);
        DecoderModel adapted = model.adapt(LoraConfig.defaults(model.config()));
        assertStarts(
                "model must have no adapters (merge them), got ",
                IllegalArgumentException.class,
                () -> PretrainedModel.save(adapted, directory, source));
        PretrainedModel.save(adapted.merged(), directory, source);
        assertEquals(
                model.parameters(), PretrainedModel.load(directory, DataType.FLOAT).parameters());
        assertStarts(
                "model must have the configuration of " + Checkpoints.folder("gpt2") + ", ",
                IllegalArgumentException.class,
                () -> PretrainedModel.save(model, directory, Checkpoints.folder("gpt2")));
    }

    @Test
    void aShorterModelHasTheSameWeightsAndIsSavedTheSame() throws IOException {
        Path source = Checkpoints.folder("gpt-neox-parallel");
        PretrainedConfig config = PretrainedConfig.read(source).withMaxLength(16);
        try (DecoderModel model = PretrainedModel.load(config, DataType.FLOAT)) {
            assertEquals(16, model.config().maxLength());
            assertThrows(IllegalArgumentException.class, () -> model.logits(new int[1][17]));
            int[][] ids = {{3, 1, 4, 1, 5}};
            assertEquals(
                    PretrainedModel.load(source, DataType.FLOAT).logits(ids), model.logits(ids));
            PretrainedModel.save(model, directory, source);
            assertSameTensors(source, directory);
        }
    }

    @Test
    void acceptsNamesWithAndWithoutPrefix() throws IOException {
        assertSameModel("gpt2", name -> name.contains(".attn.bias") ? name : "transformer." + name);
        assertSameModel("qwen2-tied", name -> name.replaceFirst("^model\\.", ""));
        assertSameModel("gpt-neox-parallel", name -> name.replaceFirst("^gpt_neox\\.", ""));
    }

    private void assertSameModel(String name, UnaryOperator<String> rename) throws IOException {
        Path folder = rewritten(name, rename, (tensor, array) -> array);
        assertEquals(
                PretrainedModel.load(Checkpoints.folder(name), DataType.FLOAT).parameters(),
                PretrainedModel.load(folder, DataType.FLOAT).parameters());
    }

    @Test
    void acceptsATiedHeadThatIsStoredTwiceIfItIsTheSame() throws IOException {
        Path folder = Checkpoints.copy("qwen2-tied", directory.resolve("model"));
        INDArray embedding = addHead(folder, 0);
        assertEquals(
                embedding,
                PretrainedModel.load(folder, DataType.FLOAT).parameters().get("tok_embedding"));
        addHead(folder, 1e-7f);
        assertStarts(
                folder + ": tensor lm_head.weight must equal the embedding it is tied to",
                PretrainedException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
    }

    /** Adds the embedding as a head, one value of it changed by a relative difference. */
    private static INDArray addHead(Path folder, float difference) throws IOException {
        String head = "lm_head.weight";
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFolder before = SafetensorsFolder.open(folder)) {
            for (String name : before.tensors().keySet()) {
                if (!name.equals(head)) {
                    writer.tensor(name, TensorType.F32, before.read(name, DataType.FLOAT));
                }
            }
            INDArray embedding = before.read("model.embed_tokens.weight", DataType.FLOAT);
            INDArray copy = embedding.dup();
            copy.putScalar(3, 2, copy.getFloat(3, 2) * (1 + difference));
            writer.tensor(head, TensorType.F32, copy);
            writer.write(folder.resolve("model.safetensors"));
            return embedding;
        }
    }

    @Test
    void namesEveryTensorThatIsMissingSurplusOrMisshaped() throws IOException {
        Path folder =
                rewritten(
                        "gpt-neox-parallel",
                        name ->
                                name.replace("0.mlp.dense_4h_to_h.bias", "0.mlp.bias")
                                        .replace("embed_out", "lm_head"),
                        (name, array) -> name.contains("embed_in") ? array.transpose() : array);
        assertStarts(
                folder
                        + ": weights must be those of config.json;"
                        + " 2 missing: gpt_neox.layers.0.mlp.dense_4h_to_h.bias, embed_out.weight;"
                        + " 2 surplus: gpt_neox.layers.0.mlp.bias, lm_head.weight;"
                        + " 1 of another shape or type:"
                        + " gpt_neox.embed_in.weight is F32 [32, 40], not [40, 32]",
                PretrainedException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
    }

    @Test
    void namesTenOfManyTensors() throws IOException {
        Path folder = Checkpoints.copy("gpt2", directory.resolve("model"));
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"n_layer\": 2", "\"n_layer\": 3"));
        assertStarts(
                folder
                        + ": weights must be those of config.json; 12 missing: h.2.ln_1.weight,"
                        + " h.2.ln_1.bias, h.2.attn.c_attn.weight, h.2.attn.c_attn.bias,"
                        + " h.2.attn.c_proj.weight, h.2.attn.c_proj.bias, h.2.ln_2.weight,"
                        + " h.2.ln_2.bias, h.2.mlp.c_fc.weight, h.2.mlp.c_fc.bias and 2 more",
                PretrainedException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
        Files.writeString(
                config,
                Files.readString(config).replace("\"n_layer\": 3", "\"n_layer\": 2000000000"));
        assertStarts(
                folder + ": weights must have 2000000000 layers, got 30 tensors",
                PretrainedException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
    }

    @Test
    void refusesDamagedWeights() throws IOException {
        Path folder = Checkpoints.copy("gpt2", directory.resolve("model"));
        Files.write(folder.resolve("model.safetensors"), new byte[9]);
        assertStarts(
                folder.resolve("model.safetensors") + ": header length must be",
                SafetensorsException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
        Files.delete(folder.resolve("model.safetensors"));
        assertStarts(
                folder + " must hold either model.safetensors or",
                IOException.class,
                () -> PretrainedModel.load(folder, DataType.FLOAT));
    }

    /** A copy of a checkpoint with other names and values. */
    private Path rewritten(
            String checkpoint,
            UnaryOperator<String> rename,
            BiFunction<String, INDArray, INDArray> change)
            throws IOException {
        Path source = Checkpoints.folder(checkpoint);
        Path folder = Files.createDirectories(directory.resolve(checkpoint));
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFolder store = SafetensorsFolder.open(source)) {
            for (TensorInfo tensor : store.tensors().values()) {
                INDArray array =
                        tensor.type().isReadable()
                                ? store.read(tensor.name(), DataType.FLOAT)
                                : Nd4j.ones(DataType.FLOAT, 1);
                writer.tensor(
                        rename.apply(tensor.name()),
                        TensorType.F32,
                        change.apply(tensor.name(), array));
            }
        }
        writer.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static void assertStarts(
            String message, Class<? extends Exception> type, Executable code) {
        String actual = String.valueOf(assertThrows(type, code).getMessage());
        assertTrue(actual.startsWith(message), actual);
    }
}
