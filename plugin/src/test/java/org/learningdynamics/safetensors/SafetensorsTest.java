package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SafetensorsTest {
    /** Values of each type, written down as their bits, least significant byte first. */
    private static final String SINGLES = "0000803f 000000c0 01000000 0000807f"; // 1, −2, 2^−149, ∞

    private static final String HALVES = "003c 0100 00fc ff7b 0080"; // 1, 2^−24, −∞, 65504, −0
    private static final String BFLOATS = "803f 0100 c0c0"; // 1, 2^−133, −6
    private static final String DOUBLE = "9a9999999999b93f"; // 0.1

    @TempDir private Path directory;

    private Path handMade() throws IOException {
        Path file = directory.resolve("hand.safetensors");
        HandMade.write(
                file,
                "{\"__metadata__\":{\"format\":\"pt\"},\"single\":"
                        + HandMade.entry("F32", "[2,2]", 0, 16)
                        + ",\"half\":"
                        + HandMade.entry("F16", "[5]", 16, 26)
                        + ",\"brain\":"
                        + HandMade.entry("BF16", "[1,3,1]", 26, 32)
                        + ",\"double\":"
                        + HandMade.entry("F64", "[]", 32, 40)
                        + ",\"none\":"
                        + HandMade.entry("F32", "[3,0]", 40, 40)
                        + ",\"ids\":"
                        + HandMade.entry("I64", "[1]", 40, 48)
                        + ",\"mask\":"
                        + HandMade.entry("BOOL", "[2]", 48, 50)
                        + "}  ",
                HandMade.hex(SINGLES + HALVES + BFLOATS + DOUBLE + "0700000000000000 0100"));
        return file;
    }

    @Test
    void listsWhatTheHeaderSays() throws IOException {
        try (Safetensors file = Safetensors.open(handMade())) {
            assertEquals(Map.of("format", "pt"), file.metadata());
            assertEquals(
                    List.of("single", "half", "brain", "double", "none", "ids", "mask"),
                    List.copyOf(file.tensors().keySet()));
            TensorInfo brain = file.tensors().get("brain");
            assertEquals(
                    new TensorInfo("brain", TensorType.BF16, List.of(1L, 3L, 1L), 26, 32), brain);
            assertEquals(3, brain.length());
            assertEquals(1, file.tensors().get("double").length());
            assertEquals(0, file.tensors().get("none").length());
            assertEquals(TensorType.I64, file.tensors().get("ids").type());
        }
    }

    @Test
    void readsEveryFloatingTypeExactly() throws IOException {
        double[] singles = {1, -2, 0x1p-149, Double.POSITIVE_INFINITY};
        double[] halves = {1, 0x1p-24, Double.NEGATIVE_INFINITY, 65504, -0.0};
        double[] bfloats = {1, 0x1p-133, -6};
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            assertReads(type, "single", new long[] {2, 2}, singles);
            assertReads(type, "half", new long[] {5}, halves);
            assertReads(type, "brain", new long[] {1, 3, 1}, bfloats);
        }
        assertReads(DataType.DOUBLE, "double", new long[0], 0.1);
        assertReads(DataType.FLOAT, "double", new long[0], 0.1f);
    }

    private void assertReads(DataType type, String name, long[] shape, double... values)
            throws IOException {
        try (Safetensors file = Safetensors.open(handMade());
                INDArray array = file.read(name, type)) {
            assertEquals(type, array.dataType());
            assertArrayEquals(shape, array.shape());
            assertEquals('c', array.ordering());
            double[] read =
                    type == DataType.FLOAT
                            ? widened(array.reshape(-1).toFloatVector())
                            : array.reshape(-1).toDoubleVector();
            assertArrayEquals(values, read);
        }
    }

    private static double[] widened(float... values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @Test
    void readsAnEmptyTensor() throws IOException {
        try (Safetensors file = Safetensors.open(handMade())) {
            INDArray none = file.read("none", DataType.FLOAT);
            assertArrayEquals(new long[] {3, 0}, none.shape());
            file.readInto("none", Nd4j.create(DataType.FLOAT, 3, 0));
        }
    }

    @Test
    void readsIntoAnArrayAndIntoATransposedView() throws IOException {
        try (Safetensors file = Safetensors.open(handMade())) {
            INDArray rows = Nd4j.zeros(DataType.DOUBLE, 3, 2);
            file.readInto("single", rows.get(interval(1, 3), all()));
            assertArrayEquals(
                    new double[] {0, 0, 1, -2, 0x1p-149, Double.POSITIVE_INFINITY},
                    rows.reshape(-1).toDoubleVector());
            INDArray turned = Nd4j.zeros(DataType.FLOAT, 2, 2);
            file.readInto("single", turned.transpose());
            assertArrayEquals(
                    new float[] {1, 0x1p-149f, -2, Float.POSITIVE_INFINITY},
                    turned.reshape(-1).toFloatVector());
        }
    }

    private static INDArrayIndex interval(int from, int to) {
        return NDArrayIndex.interval(from, to);
    }

    private static INDArrayIndex all() {
        return NDArrayIndex.all();
    }

    @Test
    void refusesWhatAreNoNumbersByName() throws IOException {
        Path path = handMade();
        try (Safetensors file = Safetensors.open(path)) {
            String rule = ": dtype must be F64, F32, F16 or BF16 to be read as numbers, got ";
            assertMessage(
                    SafetensorsException.class,
                    path + ": tensor ids" + rule + "I64",
                    () -> file.read("ids", DataType.FLOAT));
            assertMessage(
                    SafetensorsException.class,
                    path + ": tensor mask" + rule + "BOOL",
                    () -> file.readInto("mask", Nd4j.zeros(DataType.FLOAT, 2)));
        }
    }

    @Test
    void refusesUnknownNamesAndTargetsThatDoNotFit() throws IOException {
        Path path = handMade();
        try (Safetensors file = Safetensors.open(path)) {
            assertMessage(
                    IllegalArgumentException.class,
                    path + " must hold tensor w, it does not",
                    () -> file.read("w", DataType.FLOAT));
            assertMessage(
                    IllegalArgumentException.class,
                    "type must be FLOAT or DOUBLE, got INT",
                    () -> file.read("single", DataType.INT32));
            assertMessage(
                    IllegalArgumentException.class,
                    "target must have the 4 values of tensor single, got 3",
                    () -> file.readInto("single", Nd4j.zeros(DataType.FLOAT, 3)));
        }
    }

    @Test
    void noticesAFileThatShrinksWhileItIsOpen() throws IOException {
        Path path = handMade();
        try (Safetensors file = Safetensors.open(path);
                FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
            long size = other.size();
            other.truncate(size - 30);
            assertMessage(
                    SafetensorsException.class,
                    "%s: tensor brain: ends at byte %d, but the file has shrunk to %d"
                            .formatted(path, size - 18, size - 30),
                    () -> file.read("brain", DataType.FLOAT));
            assertEquals(-2, file.read("single", DataType.FLOAT).getDouble(0, 1));
        }
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThrows(NoSuchFileException.class, () -> Safetensors.open(directory.resolve("none")));
    }

    private static void assertMessage(
            Class<? extends Exception> type, String message, Executable code) {
        assertEquals(message, assertThrows(type, code).getMessage());
    }
}
