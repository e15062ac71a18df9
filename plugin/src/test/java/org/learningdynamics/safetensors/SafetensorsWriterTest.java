package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsWriterTest {
    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("written.safetensors");
    }

    @Test
    void writesTheFormatsBytes() throws IOException {
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("half", TensorType.F16, Nd4j.createFromArray(1f, -0x1p-24f, 65504f))
                .tensor("one", TensorType.F32, Nd4j.scalar(DataType.DOUBLE, 1), new long[0])
                .write(file);
        String json =
                "{\"__metadata__\":{\"format\":\"pt\"},\"one\":"
                        + HandMade.entry("F32", "[]", 0, 4)
                        + ",\"half\":"
                        + HandMade.entry("F16", "[3]", 4, 10)
                        + "}";
        String padded = json + " ".repeat((8 - json.length() % 8) % 8);
        Path expected = directory.resolve("expected");
        HandMade.write(expected, padded, HandMade.hex("0000803f 003c 0180 ff7b"));
        assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(file));
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void readsBackWhatItWrote(TensorType type) throws IOException {
        for (DataType memory : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray values = HandMade.counting(memory, 24).mul(0.25).sub(3);
            for (long[] shape : new long[][] {{24}, {4, 6}, {2, 3, 4}, {2, 1, 3, 2, 2}}) {
                assertSurvives(type, values.reshape(shape));
            }
            assertSurvives(type, Nd4j.scalar(memory, -0.5));
            assertSurvives(type, Nd4j.create(memory, 2, 0, 3));
        }
    }

    private void assertSurvives(TensorType type, INDArray values) throws IOException {
        new SafetensorsWriter().tensor("w", type, values).write(file);
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(type, read.tensors().get("w").type());
            assertEquals(values, read.read("w", values.dataType()));
        }
    }

    @Test
    void roundsToTheTypeOfTheFile() throws IOException {
        INDArray values = Nd4j.createFromArray(0.1, 1 + 0x1p-11, 1 + 0x3p-11);
        new SafetensorsWriter().tensor("w", TensorType.F16, values).write(file);
        try (Safetensors read = Safetensors.open(file)) {
            assertArrayEquals(
                    new double[] {0.0999755859375, 1, 1 + 0x1p-9},
                    read.read("w", DataType.DOUBLE).toDoubleVector());
        }
    }

    /** More than one block in every way that an array is cut into blocks. */
    @Test
    void writesAndReadsArraysOfManyBlocks() throws IOException {
        int length = RowBlocks.MAX_VALUES + 5;
        assertBlocks(HandMade.counting(DataType.FLOAT, length));
        assertBlocks(HandMade.counting(DataType.FLOAT, 2, length));
        assertBlocks(HandMade.counting(DataType.FLOAT, 700, 900));
        assertBlocks(HandMade.counting(DataType.FLOAT, 3, 700, 300));
    }

    private void assertBlocks(INDArray values) throws IOException {
        assertSurvives(TensorType.F32, values);
        INDArray turned = values.rank() == 1 ? values : values.swapAxes(0, values.rank() - 1);
        assertSurvives(TensorType.F32, turned);
        try (Safetensors read = Safetensors.open(file)) {
            INDArray target = Nd4j.zeros(DataType.FLOAT, values.shape());
            read.readInto("w", values.rank() == 1 ? target : target.swapAxes(0, values.rank() - 1));
            assertEquals(values, target);
        }
    }

    /** Fused projections: [d, 3, heads, h] in memory, [heads, 3, h, d] as a matrix in the file. */
    @Test
    void writesPermutedViewsUnderAnotherShape() throws IOException {
        INDArray memory = HandMade.counting(DataType.FLOAT, 5, 24);
        INDArray view = memory.reshape(5, 3, 2, 4).permute(2, 1, 3, 0);
        new SafetensorsWriter().tensor("qkv", TensorType.F32, view, 24, 5).write(file);
        try (Safetensors read = Safetensors.open(file)) {
            INDArray matrix = read.read("qkv", DataType.FLOAT);
            for (int head = 0; head < 2; head++) {
                for (int part = 0; part < 3; part++) {
                    for (int j = 0; j < 4; j++) {
                        for (int i = 0; i < 5; i++) {
                            assertEquals(
                                    memory.getFloat(i, part * 8 + head * 4 + j),
                                    matrix.getFloat(head * 12 + part * 4 + j, i));
                        }
                    }
                }
            }
            INDArray back = Nd4j.zeros(DataType.FLOAT, 5, 24);
            read.readInto("qkv", back.reshape(5, 3, 2, 4).permute(2, 1, 3, 0));
            assertEquals(memory, back);
        }
    }

    @Test
    void replacesAFileAndLeavesNoOther() throws IOException {
        Files.writeString(file, "old");
        SafetensorsWriter writer =
                new SafetensorsWriter().tensor("w", TensorType.F32, Nd4j.createFromArray(1f));
        writer.write(file);
        byte[] first = Files.readAllBytes(file);
        writer.write(file);
        assertArrayEquals(first, Files.readAllBytes(file));
        assertEquals(List.of("written.safetensors"), names());
    }

    @Test
    void leavesTheOldFileWhereAValueDoesNotFit() throws IOException {
        Files.writeString(file, "old");
        SafetensorsWriter writer =
                new SafetensorsWriter()
                        .tensor("w", TensorType.F16, Nd4j.createFromArray(1f, -70000f));
        assertMessage(
                IllegalStateException.class,
                "tensor w: value -70000.0 is beyond the range of F16",
                () -> writer.write(file));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("written.safetensors"), names());
        assertMessage(
                IOException.class, directory + " is a directory", () -> writer.write(directory));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void namesTheRuleThatATensorBreaks() {
        INDArray two = Nd4j.createFromArray(1f, 2f);
        SafetensorsWriter writer = new SafetensorsWriter().tensor("w", TensorType.F32, two);
        assertArgument(
                "name must be new and not __metadata__, got w",
                () -> writer.tensor("w", TensorType.F32, two));
        assertArgument(
                "name must be new and not __metadata__, got __metadata__",
                () -> writer.tensor("__metadata__", TensorType.F32, two));
        assertArgument(
                "type must be F64, F32, F16 or BF16, got I32",
                () -> writer.tensor("v", TensorType.I32, two));
        assertArgument(
                "values of v must be FLOAT or DOUBLE, got INT",
                () -> writer.tensor("v", TensorType.F32, Nd4j.createFromArray(1, 2)));
        assertArgument(
                "shape of v must hold 2 values, got [3]",
                () -> writer.tensor("v", TensorType.F32, two, 3));
        assertArgument(
                "shape of v must hold 2 values, got [-1, -2]",
                () -> writer.tensor("v", TensorType.F32, two, -1, -2));
        assertArgument("maxShardBytes must be > 0, got 0", () -> writer.writeFolder(directory, 0));
    }

    private static void assertArgument(String message, Executable code) {
        assertMessage(IllegalArgumentException.class, message, code);
    }

    private static void assertMessage(
            Class<? extends Exception> type, String message, Executable code) {
        assertEquals(message, assertThrows(type, code).getMessage());
    }
}
