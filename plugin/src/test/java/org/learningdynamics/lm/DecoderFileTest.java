package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.safetensors.SafetensorsWriter;
import org.learningdynamics.safetensors.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecoderFileTest {
    @TempDir Path directory;

    private Path file;
    private final DecoderModel model =
            SmallModels.model(SmallModels.config().head(HeadKind.UNTIED).rotaryBase(500.5).build());

    @BeforeEach
    void saveTheModel() throws IOException {
        file = directory.resolve("model.safetensors");
        model.save(file);
    }

    @Test
    void loadsWhatWasSaved() throws IOException {
        DecoderModel loaded = DecoderModel.load(file);
        assertEquals(model.config(), loaded.config());
        assertEquals(
                List.copyOf(model.parameters().keySet()),
                List.copyOf(loaded.parameters().keySet()));
        model.parameters()
                .forEach((name, array) -> assertSameBits(array, loaded.parameters().get(name)));
        int[][] ids = SmallModels.ids(model.config(), 2, 5, 1);
        assertEquals(model.logits(ids), loaded.logits(ids));
    }

    @Test
    void loadsFloatsInSeveralBlocks() throws IOException {
        DecoderConfig config =
                DecoderConfig.builder(5000).width(64).layers(1).dataType(DataType.FLOAT).build();
        DecoderModel large = DecoderModel.create(config);
        large.save(file);
        assertEquals(large.parameters(), DecoderModel.load(file).parameters());
    }

    /** Written by the first version of the format; it stays readable. */
    @Test
    void readsVersionOne() throws Exception {
        URL golden = DecoderFileTest.class.getResource("version-1.safetensors");
        Path path = Path.of(Objects.requireNonNull(golden).toURI());
        assertEquals(Map.of("step", "12"), DecoderModel.notes(path));
        DecoderModel loaded = DecoderModel.load(path);
        DecoderConfig.Builder shape =
                DecoderConfig.builder(5).width(4).layers(1).heads(1).feedForwardWidth(6);
        assertEquals(
                shape.maxLength(8)
                        .head(HeadKind.UNTIED)
                        .activation(Activation.SWISH)
                        .rotaryBase(500.5)
                        .seed(3)
                        .build(),
                loaded.config());
        assertEquals(-0.024121491f, loaded.parameters().get("tok_embedding").getFloat(4, 3));
        INDArray logits = loaded.logits(new int[][] {{1, 4, 0, 2}});
        assertArrayEquals(
                new double[] {-0.0111, -0.0266, 0.0121, -0.0214, -0.0480},
                logits.slice(0).getRow(3).toDoubleVector(),
                5e-5);
    }

    @Test
    void savingTwiceGivesTheSameBytesAndLeavesNoOtherFile() throws IOException {
        byte[] first = Files.readAllBytes(file);
        model.save(file);
        assertTrue(Arrays.equals(first, Files.readAllBytes(file)));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void followsTheSafetensorsLayout() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        assertEquals(0, header % 8);
        assertEquals(8 + header + 8 * model.parameterCount(), bytes.capacity());
        double first = model.parameters().get("tok_embedding").getDouble(0, 0);
        assertEquals(first, bytes.getDouble(8 + header));
        String json = header();
        assertTrue(
                json.contains(
                        "\"tok_embedding\":{\"dtype\":\"F64\",\"shape\":[11,8],"
                                + "\"data_offsets\":[0,704]}"),
                json);
    }

    @Test
    void namesAFileThatIsNoModel() throws IOException {
        Files.write(file, new byte[3]);
        assertDamage("must have at least 8 bytes, got 3");
        Files.writeString(file, "a text file, longer than its first eight bytes");
        assertDamage("header length must be from 2 to 38 (the bytes that follow), got 73590098515");
        replaceHeader("[1, 2]");
        assertDamage("header must begin with '{', got byte 91");
    }

    @Test
    void noticesMissingAndSurplusBytes() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        long data = 8 * model.parameterCount();
        assertDamage(
                "tensor head: must end within the %d bytes of data, got %d"
                        .formatted(data - 1, data));
        Files.write(file, Arrays.copyOf(whole, whole.length + 4));
        assertDamage("tensors take " + data + " bytes of data, the file holds " + (data + 4));
    }

    @Test
    void noticesAnotherFormatOrVersion() throws IOException {
        String header = header();
        replaceHeader(header.replace("\"version\":\"2\"", "\"version\":\"9\""));
        assertDamage(
                "format must be learning-dynamics-decoder version 2,"
                        + " got learning-dynamics-decoder version 9");
        new SafetensorsWriter()
                .tensor("w", TensorType.F32, Nd4j.ones(DataType.FLOAT, 2, 2))
                .write(file);
        assertDamage("format must be learning-dynamics-decoder version 2, got none version none");
    }

    @Test
    void readsTheFirstVersion() throws IOException {
        String first = header().replace("\"version\":\"2\"", "\"version\":\"1\"");
        int from = first.indexOf(",\"keyValueHeads\"");
        int to = first.indexOf("},", from);
        replaceHeader(first.substring(0, from) + first.substring(to));
        DecoderModel loaded = DecoderModel.load(file);
        assertEquals(model.config(), loaded.config());
        assertEquals(model.parameters(), loaded.parameters());
    }

    @Test
    void noticesTensorsThatDoNotFitTheConfiguration() throws IOException {
        String header = header();
        replaceHeader(header.replace("\"head\":{", "\"other\":{"));
        assertDamage("tensor head is missing");
        replaceHeader(header.replace("[8,11]", "[11,8]"));
        assertDamage("tensor head must be DOUBLE [8, 11], got DOUBLE [11, 8]");
        replaceHeader(header.replace("\"head\":\"UNTIED\"", "\"head\":\"TIED\""));
        assertDamage("tensors must be the configuration's, got [head] too");
        replaceHeader(header.replaceFirst("F64\",\"shape\":.11,8", "F32\",\"shape\":[22,8"));
        assertDamage("tensor tok_embedding must be DOUBLE [11, 8], got FLOAT [22, 8]");
        replaceHeader(header.replaceFirst("F64\",\"shape\":.11,8", "F16\",\"shape\":[44,8"));
        assertDamage("tensor tok_embedding must be F32 or F64, got F16");
        replaceHeader(header.replace("\"width\":\"8\"", "\"width\":\"x\""));
        assertDamage("For input string: \"x\"");
        replaceHeader(header.replace("\"width\":\"8\",", ""));
        assertDamage("metadata lacks width");
    }

    @Test
    void saysWhenThereIsNoFileOrADirectory() {
        assertThrows(NoSuchFileException.class, () -> DecoderModel.load(directory.resolve("none")));
        IOException error = assertThrows(IOException.class, () -> model.save(directory));
        assertEquals(directory + " is a directory", error.getMessage());
    }

    private void assertDamage(String message) {
        IOException error = assertThrows(IOException.class, () -> DecoderModel.load(file));
        assertTrue(error.getMessage().startsWith(file + ": " + message), error.getMessage());
    }

    private String header() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        return new String(bytes.array(), 8, (int) bytes.getLong(), StandardCharsets.UTF_8);
    }

    private void replaceHeader(String json) throws IOException {
        model.save(file);
        byte[] whole = Files.readAllBytes(file);
        int old = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(whole.length - old + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .put(whole, 8 + old, whole.length - 8 - old);
        Files.write(file, bytes.array());
    }

    private static void assertSameBits(INDArray expected, INDArray actual) {
        assertTrue(
                Arrays.equals(expected.ravel().toDoubleVector(), actual.ravel().toDoubleVector()));
    }
}
