package org.learningdynamics.lm;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Place and shape of one matrix in a safetensors file.
 *
 * @param type FLOAT or DOUBLE
 * @param rows first dimension
 * @param columns second dimension
 * @param start first byte in the data section
 */
record Slot(DataType type, int rows, int columns, long start) {
    private static final String DTYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";

    static Slot of(INDArray matrix, long start) {
        return new Slot(matrix.dataType(), matrix.rows(), matrix.columns(), start);
    }

    static Slot parse(String name, JsonObject json) throws IOException {
        if (!json.has(DTYPE) || !json.has(SHAPE) || !json.has(OFFSETS)) {
            throw new DamagedFileException("tensor " + name + " lacks dtype, shape or offsets");
        }
        JsonArray shape = json.getAsJsonArray(SHAPE);
        JsonArray offsets = json.getAsJsonArray(OFFSETS);
        if (shape.size() != 2 || offsets.size() != 2) {
            throw new DamagedFileException("tensor " + name + " is not a matrix: " + json);
        }
        int rows = shape.get(0).getAsInt();
        int columns = shape.get(1).getAsInt();
        DataType type = parseType(name, json.get(DTYPE).getAsString());
        Slot slot = new Slot(type, rows, columns, offsets.get(0).getAsLong());
        boolean sane = rows > 0 && columns > 0 && slot.start >= 0;
        if (!sane || slot.end() != offsets.get(1).getAsLong()) {
            throw new DamagedFileException("tensor " + name + " has wrong offsets: " + json);
        }
        return slot;
    }

    private static DataType parseType(String name, String text) throws IOException {
        return switch (text) {
            case "F32" -> DataType.FLOAT;
            case "F64" -> DataType.DOUBLE;
            default ->
                    throw new DamagedFileException(
                            "tensor " + name + " must be F32 or F64, got " + text);
        };
    }

    JsonObject toJson() {
        JsonArray shape = new JsonArray();
        shape.add(rows);
        shape.add(columns);
        JsonArray offsets = new JsonArray();
        offsets.add(start);
        offsets.add(end());
        JsonObject json = new JsonObject();
        json.addProperty(DTYPE, type == DataType.FLOAT ? "F32" : "F64");
        json.add(SHAPE, shape);
        json.add(OFFSETS, offsets);
        return json;
    }

    long bytes() {
        return (long) rows * columns * type.width();
    }

    long end() {
        return start + bytes();
    }

    INDArray read(FileChannel channel, long dataStart) throws IOException {
        return RawValues.read(channel, dataStart + start, type, rows, columns);
    }
}
