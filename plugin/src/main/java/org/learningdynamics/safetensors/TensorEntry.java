package org.learningdynamics.safetensors;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses one tensor's entry of a header and checks it for itself. */
final class TensorEntry {
    private static final String TYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";
    private static final int MAX_RANK = 32;
    private static final Pattern NATURAL = Pattern.compile("0|[1-9][0-9]*");

    private final Path file;
    private final String name;
    private final JsonReader in;
    private @Nullable TensorType type;
    private @Nullable List<Long> shape;
    private @Nullable List<Long> offsets;

    TensorEntry(Path file, String name, JsonReader in) {
        this.file = file;
        this.name = name;
        this.in = in;
    }

    TensorInfo read(long dataBytes) throws IOException {
        StrictText.expect(file, in, JsonToken.BEGIN_OBJECT, "tensor " + name);
        in.beginObject();
        while (in.hasNext()) {
            field(in.nextName());
        }
        in.endObject();
        return check(
                present(TYPE, type), present(SHAPE, shape), present(OFFSETS, offsets), dataBytes);
    }

    private void field(String key) throws IOException {
        switch (key) {
            case TYPE -> type = once(key, type, type());
            case SHAPE -> shape = once(key, shape, naturals(key, MAX_RANK));
            case OFFSETS -> offsets = once(key, offsets, naturals(key, 2));
            default -> throw fail("keys must be dtype, shape and data_offsets, got " + key);
        }
    }

    private <T> T once(String key, @Nullable T before, T now) throws SafetensorsException {
        if (before != null) {
            throw fail(key + " occurs twice");
        }
        return now;
    }

    private <T> T present(String key, @Nullable T value) throws SafetensorsException {
        if (value == null) {
            throw fail(key + " is missing");
        }
        return value;
    }

    private TensorType type() throws IOException {
        StrictText.expect(file, in, JsonToken.STRING, "tensor " + name + ": dtype");
        String word = in.nextString();
        return TensorType.named(word)
                .orElseThrow(
                        () ->
                                fail(
                                        "dtype must be one of "
                                                + List.of(TensorType.values())
                                                + ", got "
                                                + word));
    }

    private List<Long> naturals(String key, int most) throws IOException {
        StrictText.expect(file, in, JsonToken.BEGIN_ARRAY, "tensor " + name + ": " + key);
        List<Long> values = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            if (values.size() == most) {
                throw fail(key + " must have at most " + most + " numbers");
            }
            values.add(natural(key));
        }
        in.endArray();
        return values;
    }

    private long natural(String key) throws IOException {
        StrictText.expect(file, in, JsonToken.NUMBER, "tensor " + name + ": every " + key);
        String literal = in.nextString();
        if (!NATURAL.matcher(literal).matches()) {
            throw fail(key + " must hold whole numbers >= 0, got " + literal);
        }
        try {
            return Long.parseLong(literal);
        } catch (NumberFormatException tooLarge) {
            throw fail(key + " must hold numbers below 2^63, got " + literal);
        }
    }

    private TensorInfo check(
            TensorType elements, List<Long> dimensions, List<Long> extent, long dataBytes)
            throws SafetensorsException {
        if (extent.size() != 2) {
            throw fail("data_offsets must be two numbers, got " + extent);
        }
        long begin = extent.get(0);
        long end = extent.get(1);
        if (begin > end) {
            throw fail("data_offsets must not descend, got " + extent);
        }
        if (end > dataBytes) {
            throw fail("must end within the " + dataBytes + " bytes of data, got " + end);
        }
        long bytes = bytes(elements, dimensions);
        if (end - begin != bytes) {
            throw fail(
                    "%s of shape %s must take %d bytes, data_offsets %s give %d"
                            .formatted(elements, dimensions, bytes, extent, end - begin));
        }
        return new TensorInfo(name, elements, dimensions, begin, end);
    }

    private long bytes(TensorType elements, List<Long> dimensions) throws SafetensorsException {
        if (dimensions.contains(0L)) {
            return 0;
        }
        try {
            long bytes = elements.width();
            for (long dimension : dimensions) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException overflow) {
            throw fail("shape must describe fewer than 2^63 bytes, got " + dimensions);
        }
    }

    private SafetensorsException fail(String problem) {
        return SafetensorsException.ofTensor(file, name, problem);
    }
}
