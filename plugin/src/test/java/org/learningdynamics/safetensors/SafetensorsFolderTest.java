package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsFolderTest {
    private static final String INDEX = "model.safetensors.index.json";
    private static final String FIRST = "model-00001-of-00003.safetensors";

    @TempDir private Path folder;

    /** Tensors t0 … t4 of 8 bytes each, two a shard. */
    private static SafetensorsWriter writer() {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (int i = 0; i < 5; i++) {
            writer.tensor("t" + i, TensorType.F32, Nd4j.createFromArray((float) i, -i));
        }
        return writer;
    }

    @Test
    void readsShardsAsOne() throws IOException {
        writer().writeFolder(folder, 23);
        assertEquals(
                List.of(
                        FIRST,
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        INDEX),
                names());
        String shards = "\"t0\":\"1\",\"t1\":\"1\",\"t2\":\"2\",\"t3\":\"2\",\"t4\":\"3\"";
        assertEquals(
                "{\"metadata\":{\"total_size\":40},\"weight_map\":{"
                        + shards.replaceAll("\"([123])\"", "\"model-0000$1-of-00003.safetensors\"")
                        + "}}",
                Files.readString(folder.resolve(INDEX)));
        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertReadsAll(read);
            assertEquals(Map.of("format", "pt"), read.metadata().get(FIRST));
            assertEquals(3, read.metadata().size());
        }
    }

    @Test
    void readsASingleFile() throws IOException {
        writer().writeFolder(folder, 40);
        assertEquals(List.of("model.safetensors"), names());
        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertReadsAll(read);
            assertMessage(
                    IllegalArgumentException.class,
                    folder + " must hold tensor x, it does not",
                    () -> read.read("x", DataType.FLOAT));
        }
    }

    private static void assertReadsAll(SafetensorsFolder read) throws IOException {
        assertEquals(Set.of("t0", "t1", "t2", "t3", "t4"), read.tensors().keySet());
        for (int i = 0; i < 5; i++) {
            var expected = Nd4j.createFromArray((float) i, -i);
            assertEquals(expected, read.read("t" + i, DataType.FLOAT));
            var target = Nd4j.zeros(DataType.FLOAT, 2);
            read.readInto("t" + i, target);
            assertEquals(expected, target);
        }
    }

    @Test
    void writingAgainReplacesEveryOldWeightAndNothingElse() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        writer().writeFolder(folder, 8);
        writer().writeFolder(folder, 23);
        assertEquals(5, names().size());
        writer().writeFolder(folder, 100);
        assertEquals(List.of("config.json", "model.safetensors"), names());
        writer().writeFolder(folder, 1);
        assertEquals(7, names().size());
        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertReadsAll(read);
        }
    }

    @Test
    void aFailedWriteLeavesTheOldWeights() throws IOException {
        writer().writeFolder(folder, 23);
        SafetensorsWriter broken =
                writer().tensor("big", TensorType.F16, Nd4j.createFromArray(1e6f));
        assertThrows(IllegalStateException.class, () -> broken.writeFolder(folder, 23));
        assertEquals(4, names().size());
        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertReadsAll(read);
        }
    }

    @Test
    void wantsEitherOneFileOrAnIndex() throws IOException {
        String rule = " must hold either model.safetensors or " + INDEX + ", it holds ";
        assertMessage(
                IOException.class, folder + rule + "neither", () -> SafetensorsFolder.open(folder));
        writer().writeFolder(folder, 23);
        writer().write(folder.resolve("model.safetensors"));
        assertMessage(
                IOException.class, folder + rule + "both", () -> SafetensorsFolder.open(folder));
    }

    @Test
    void namesEveryMissingShard() throws IOException {
        writer().writeFolder(folder, 8);
        Files.delete(folder.resolve("model-00002-of-00005.safetensors"));
        Files.delete(folder.resolve("model-00004-of-00005.safetensors"));
        assertBroken(
                "shards missing: model-00002-of-00005.safetensors,"
                        + " model-00004-of-00005.safetensors");
    }

    @Test
    void namesTensorsThatIndexAndShardsDisagreeAbout() throws IOException {
        writer().writeFolder(folder, 23);
        replaceInIndex("\"t1\"", "\"x\"");
        assertBroken(
                "tensors that their shards lack: x (%s);".formatted(FIRST)
                        + " tensors of shards that the index lacks: t1 (%s)".formatted(FIRST));
        replaceInIndex("\"x\"", "\"t1\"");
        replaceInIndex("\"t1\":\"model-00001", "\"t1\":\"model-00002");
        assertBroken(
                "tensors that their shards lack: t1 (model-00002-of-00003.safetensors);"
                        + " tensors of shards that the index lacks: t1 (%s)".formatted(FIRST));
    }

    @Test
    void namesTenOfManyTensors() throws IOException {
        SafetensorsWriter writer = writer();
        for (int i = 0; i < 12; i++) {
            writer.tensor("more" + i, TensorType.F32, Nd4j.createFromArray(1f));
        }
        writer.write(folder.resolve("a.safetensors"));
        Files.writeString(folder.resolve(INDEX), "{\"weight_map\":{\"t0\":\"a.safetensors\"}}");
        String surplus =
                Stream.of("t1 t2 t3 t4 more0 more1 more2 more3 more4 more5".split(" "))
                        .map(name -> name + " (a.safetensors)")
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
        assertBroken("tensors of shards that the index lacks: " + surplus + " and 6 more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a.safetensors",
                "/a.safetensors",
                "sub/a.safetensors",
                "..\\\\a.safetensors",
                "C:a.safetensors",
                "a.bin",
                ".safetensors/",
                ""
            })
    void refusesShardsOutsideTheFolder(String shard) throws IOException {
        Files.writeString(folder.resolve(INDEX), "{\"weight_map\":{\"w\":\"" + shard + "\"}}");
        assertBroken(
                "tensor w: shard must be the plain name of a .safetensors file in the same folder,"
                        + " got "
                        + shard.replace("\\\\", "\\"));
    }

    @Test
    void namesABrokenIndex() throws IOException {
        assertIndex("[]", "index must be an object, got a list");
        assertIndex("{", "index ends early");
        assertIndex("{} x", "index must be strict JSON");
        assertIndex("{\"metadata\":{}}", "weight_map must name tensors, it names none");
        assertIndex("{\"weight_map\":{}}", "weight_map must name tensors, it names none");
        assertIndex("{\"weight_map\":[]}", "weight_map must be an object, got a list");
        assertIndex("{\"weight_map\":{\"w\":1}}", "weight_map of w must be string, got number");
        assertIndex(
                "{\"weight_map\":{\"w\":\"a.safetensors\",\"w\":\"a.safetensors\"}}",
                "tensor w: occurs twice in weight_map");
    }

    private void assertIndex(String json, String problem) throws IOException {
        Files.writeString(folder.resolve(INDEX), json);
        assertBroken(problem);
    }

    @Test
    void aBrokenShardIsNamedItself() throws IOException {
        writer().writeFolder(folder, 23);
        Files.write(folder.resolve(FIRST), new byte[3]);
        assertMessage(
                SafetensorsException.class,
                folder.resolve(FIRST) + ": must have at least 8 bytes, got 3",
                () -> SafetensorsFolder.open(folder));
    }

    private void replaceInIndex(String from, String to) throws IOException {
        Path index = folder.resolve(INDEX);
        Files.writeString(index, Files.readString(index).replace(from, to));
    }

    private void assertBroken(String problem) {
        assertMessage(
                SafetensorsException.class,
                folder.resolve(INDEX) + ": " + problem,
                () -> SafetensorsFolder.open(folder));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertMessage(
            Class<? extends Exception> type, String message, Executable code) {
        assertEquals(message, assertThrows(type, code).getMessage());
    }
}
