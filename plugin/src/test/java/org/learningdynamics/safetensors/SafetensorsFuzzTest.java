package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Damaged files are either read as what their bytes say, or refused by name. */
class SafetensorsFuzzTest {
    @TempDir private Path directory;
    private Path file;
    private byte[] whole;

    @BeforeEach
    void writeAFile() throws IOException {
        file = directory.resolve("fuzz.safetensors");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("a.weight", TensorType.F32, HandMade.counting(DataType.FLOAT, 2, 3))
                .tensor("b", TensorType.F16, HandMade.counting(DataType.FLOAT, 4))
                .tensor("c", TensorType.BF16, HandMade.counting(DataType.DOUBLE, 1, 2, 1))
                .write(file);
        whole = Files.readAllBytes(file);
    }

    @Test
    void everyFlippedBitIsReadTrulyOrRefused() throws IOException {
        int refused = 0;
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            refused += refuses(damaged) ? 1 : 0;
        }
        assertTrue(refused > 4 * whole.length, "only " + refused + " flips were refused");
    }

    @Test
    void randomDamageIsReadTrulyOrRefused() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length + random.nextInt(9) - 4);
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
            }
            refuses(damaged);
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            assertTrue(refuses(Arrays.copyOf(whole, length)), "taken at length " + length);
        }
    }

    private boolean refuses(byte[] damaged) throws IOException {
        // A new file is cheaper than a truncated one, which some file systems flush.
        Files.delete(file);
        Files.write(file, damaged);
        try (Safetensors opened = Safetensors.open(file)) {
            for (TensorInfo tensor : opened.tensors().values()) {
                assertTrue(tensor.end() <= damaged.length);
                if (tensor.type().isReadable()) {
                    assertReadsItsBytes(damaged, opened, tensor);
                }
            }
            return false;
        } catch (SafetensorsException named) {
            assertTrue(named.getMessage().startsWith(file + ": "), named.getMessage());
            return true;
        }
    }

    private static void assertReadsItsBytes(byte[] bytes, Safetensors opened, TensorInfo tensor)
            throws IOException {
        try (INDArray array = opened.read(tensor.name(), DataType.DOUBLE)) {
            assertArrayEquals(tensor.dimensions(), array.shape());
            if (array.isEmpty()) {
                return;
            }
            ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int start = 8 + (int) data.getLong(0) + (int) tensor.begin();
            double[] values = array.reshape(-1).toDoubleVector();
            for (int i = 0; i < values.length; i++) {
                assertEquals(value(data, start, i, tensor.type()), values[i]);
            }
        }
    }

    private static double value(ByteBuffer data, int start, int i, TensorType type) {
        return switch (type) {
            case F64 -> data.getDouble(start + 8 * i);
            case F32 -> data.getFloat(start + 4 * i);
            case F16 -> NarrowFloat.fromHalf(data.getShort(start + 2 * i));
            default -> NarrowFloat.fromBfloat16(data.getShort(start + 2 * i));
        };
    }
}
