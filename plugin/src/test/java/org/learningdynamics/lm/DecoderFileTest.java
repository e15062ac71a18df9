package org.learningdynamics.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        assertDamage("not a model: it has 3 bytes");
        Files.write(file, new byte[100]);
        assertDamage("not a model: header size 0 in 100 bytes");
        Files.writeString(file, "a text file, longer than its first eight bytes");
        assertDamage("not a model: header size 7359009851570397281 in 46 bytes");
        replaceHeader("[1, 2]");
        assertDamage("header is no JSON object of tensors");
        replaceHeader("{\"x\": ");
        assertDamage("header is no JSON object of tensors");
    }

    @Test
    void noticesMissingAndSurplusBytes() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        long data = 8 * model.parameterCount();
        assertDamage("truncated: tensor head ends at byte " + data + " of " + (data - 1));
        Files.write(file, Arrays.copyOf(whole, whole.length + 4));
        assertDamage("tensors take " + data + " bytes, the file holds " + (data + 4));
    }

    @Test
    void noticesAnotherFormatOrVersion() throws IOException {
        String header = header();
        replaceHeader(header.replace("\"version\":\"2\"", "\"version\":\"9\""));
        assertDamage(
                "format must be learning-dynamics-decoder version 2,"
                        + " got learning-dynamics-decoder version 9");
        new SafetensorsFile(Map.of(), Map.of("w", Nd4j.ones(DataType.FLOAT, 2, 2))).write(file);
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
        replaceHeader(header.replace("\"shape\":[8,11]", "\"shape\":[8,-11]"));
        assertDamage("tensor head has wrong offsets");
        replaceHeader(header.replaceFirst("F64", "BF16"));
        assertDamage("tensor tok_embedding must be F32 or F64, got BF16");
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
