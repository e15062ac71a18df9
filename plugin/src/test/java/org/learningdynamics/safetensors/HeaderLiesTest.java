package org.learningdynamics.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a header claims wrongly is named before any value is read. */
class HeaderLiesTest {
    private static final String W = HandMade.entry("F32", "[2]", 0, 8);
    private static final String V = HandMade.entry("F32", "[2]", 8, 16);

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("lie.safetensors");
    }

    /** Header of a file with 16 bytes of data, and what is wrong with it. */
    static Stream<Arguments> lies() {
        return Stream.of(
                arguments("[1, 2]", "header must begin with '{', got byte 91"),
                arguments(" {}", "header must begin with '{', got byte 32"),
                arguments("{\"w\": ", "header ends early"),
                arguments("{'w': 1}", "header must be strict JSON"),
                arguments("{\"w\":" + W + ",}", "header must be strict JSON"),
                arguments("{\"w\":" + W + "} {}", "header must be strict JSON"),
                arguments("{\"w\":" + W + "}\0", "header must be strict JSON"),
                arguments("{\"w\": 1}", "tensor w must be an object, got number"),
                arguments("{\"w\": null}", "tensor w must be an object, got null"),
                arguments(tensors("w", W, "w", V), "tensor w: occurs twice"),
                arguments("{\"__metadata__\": []}", "__metadata__ must be an object, got a list"),
                arguments(
                        "{\"__metadata__\": {\"a\": 1}}",
                        "__metadata__ a must be string, got number"),
                arguments(
                        "{\"__metadata__\": {\"a\": \"\", \"a\": \"\"}}",
                        "__metadata__ a occurs twice"),
                arguments(
                        "{\"__metadata__\": {}, \"__metadata__\": {}}",
                        "__metadata__ occurs twice"),
                arguments(one("{}"), "tensor w: dtype is missing"),
                arguments(one("{\"dtype\":\"F32\"}"), "tensor w: shape is missing"),
                arguments(
                        one("{\"dtype\":\"F32\",\"shape\":[2]}"),
                        "tensor w: data_offsets is missing"),
                arguments(one(W.replace("}", ",\"x\":1}")), keys("x")),
                arguments(
                        one(W.replace("}", ",\"dtype\":\"F32\"}")), "tensor w: dtype occurs twice"),
                arguments(one(W.replace("}", ",\"shape\":[2]}")), "tensor w: shape occurs twice"),
                arguments(one(W.replace("\"F32\"", "32")), "tensor w: dtype must be string"),
                arguments(one(W.replace("F32", "f32")), "tensor w: dtype must be one of [F64, "),
                arguments(one(W.replace("F32", "F4")), "tensor w: dtype must be one of [F64, "),
                arguments(one(W.replace("[2]", "2")), "tensor w: shape must be a list, got number"),
                arguments(
                        one(W.replace("[2]", "[\"2\"]")),
                        "tensor w: every shape must be number, got string"),
                arguments(one(W.replace("[2]", "[-2]")), natural("shape", "-2")),
                arguments(one(W.replace("[2]", "[2.0]")), natural("shape", "2.0")),
                arguments(one(W.replace("[2]", "[2e0]")), natural("shape", "2e0")),
                arguments(one(W.replace("[2]", "[-0]")), natural("shape", "-0")),
                arguments(
                        one(W.replace("[2]", "[9223372036854775808]")),
                        "tensor w: shape must hold numbers below 2^63, got 9223372036854775808"),
                arguments(
                        one(W.replace("[2]", "[4294967296,4294967296]")),
                        "tensor w: shape must describe fewer than 2^63 bytes,"
                                + " got [4294967296, 4294967296]"),
                arguments(
                        one(W.replace("[2]", Arrays.toString(new int[33]))),
                        "tensor w: shape must have at most 32 numbers"),
                arguments(
                        one(W.replace("[2]", "[3]")),
                        "tensor w: F32 of shape [3] must take 12 bytes,"
                                + " data_offsets [0, 8] give 8"),
                arguments(
                        one(W.replace("F32", "F64")),
                        "tensor w: F64 of shape [2] must take 16 bytes,"
                                + " data_offsets [0, 8] give 8"),
                arguments(
                        one(W.replace("[2]", "[]")),
                        "tensor w: F32 of shape [] must take 4 bytes,"
                                + " data_offsets [0, 8] give 8"),
                arguments(
                        one(W.replace("[2]", "[2,0]")),
                        "tensor w: F32 of shape [2, 0] must take 0 bytes,"
                                + " data_offsets [0, 8] give 8"),
                arguments(one(W.replace("[0,8]", "[-8,0]")), natural("data_offsets", "-8")),
                arguments(
                        one(W.replace("[0,8]", "[0]")),
                        "tensor w: data_offsets must be two numbers, got [0]"),
                arguments(
                        one(W.replace("[0,8]", "[0,8,16]")),
                        "tensor w: data_offsets must have at most 2 numbers"),
                arguments(
                        one(W.replace("[0,8]", "[8,0]")),
                        "tensor w: data_offsets must not descend, got [8, 0]"),
                arguments(
                        one(W.replace("[0,8]", "[16,24]")),
                        "tensor w: must end within the 16 bytes of data, got 24"),
                arguments(
                        one(W.replace("[0,8]", "[9223372036854775800,9223372036854775807]")),
                        "tensor w: must end within the 16 bytes of data, got 9223372036854775807"),
                arguments(
                        tensors("w", W, "v", V.replace("[8,16]", "[4,12]")),
                        "tensor v: overlaps another: the tensors before it end at byte 8,"
                                + " it begins at 4"),
                arguments(
                        tensors("w", W, "v", W),
                        "tensor v: overlaps another: the tensors before it end at byte 8,"
                                + " it begins at 0"),
                arguments(
                        one(V),
                        "tensor w: leaves a hole: the tensors before it end at byte 0,"
                                + " it begins at 8"),
                arguments(one(W), "tensors take 8 bytes of data, the file holds 16"),
                arguments("{}", "tensors take 0 bytes of data, the file holds 16"));
    }

    private static String one(String entry) {
        return "{\"w\":" + entry + "}";
    }

    private static String tensors(String a, String first, String b, String second) {
        return "{\"" + a + "\":" + first + ",\"" + b + "\":" + second + "}";
    }

    private static String keys(String key) {
        return "tensor w: keys must be dtype, shape and data_offsets, got " + key;
    }

    private static String natural(String key, String value) {
        return "tensor w: " + key + " must hold whole numbers >= 0, got " + value;
    }

    @ParameterizedTest
    @MethodSource("lies")
    void namesTheLie(String json, String problem) throws IOException {
        HandMade.write(file, json, new byte[16]);
        assertBroken(problem);
    }

    @Test
    void takesTheTruth() throws IOException {
        HandMade.write(file, tensors("v", V, "w", W) + " \n\t", new byte[16]);
        try (Safetensors opened = Safetensors.open(file)) {
            assertEquals(2, opened.tensors().size());
        }
        HandMade.write(file, "{}");
        try (Safetensors opened = Safetensors.open(file)) {
            assertEquals(0, opened.tensors().size());
        }
    }

    @Test
    void namesALengthThatDoesNotFit() throws IOException {
        Files.write(file, new byte[7]);
        assertBroken("must have at least 8 bytes, got 7");
        String fits = "header length must be from 2 to 2 (the bytes that follow), got ";
        assertLength(0, fits + "0");
        assertLength(3, fits + "3");
        assertLength(-1, fits + "18446744073709551615");
        assertLength(Long.MIN_VALUE, fits + "9223372036854775808");
    }

    private void assertLength(long length, String problem) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Files.write(file, bytes.put((byte) '{').put((byte) '}').array());
        assertBroken(problem);
    }

    @Test
    void namesBytesThatAreNoText() throws IOException {
        byte[] json = one(W).getBytes(StandardCharsets.UTF_8);
        json[2] = (byte) 0xC3;
        Files.write(file, HandMade.bytes(json, new byte[8]));
        assertBroken("header must be UTF-8");
    }

    private void assertBroken(String problem) {
        SafetensorsException error =
                assertThrows(SafetensorsException.class, () -> Safetensors.open(file));
        assertTrue(error.getMessage().startsWith(file + ": " + problem), error.getMessage());
    }
}
