package org.learningdynamics.export;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/** Rows of a table from JSON Lines as {@link JsonSink} writes them; keys may be in any order. */
final class JsonRows implements RowReader {
    private final List<TableColumn> columns;

    JsonRows(RunTable table) {
        this.columns = table.columns();
    }

    @Override
    public void read(Path file, Consumer<List<Cell>> action) throws IOException {
        try (TextLines lines = new TextLines(file)) {
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                String text = line.get();
                RowReader.at(file, lines.number(), () -> action.accept(row(text)));
            }
        }
    }

    private List<Cell> row(String line) {
        try (JsonReader in = new JsonReader(new StringReader(line))) {
            in.setStrictness(Strictness.STRICT);
            List<Cell> row = object(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("line must be one JSON object, got more text");
            }
            return row;
        } catch (EOFException e) {
            throw new IllegalArgumentException("line must be a whole JSON object, got its end", e);
        } catch (MalformedJsonException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "line must be strict JSON, got " + Numbers.show(line), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("line must be JSON: " + e.getMessage(), e);
        }
    }

    private List<Cell> object(JsonReader in) throws IOException {
        require(in, JsonToken.BEGIN_OBJECT, "line");
        in.beginObject();
        @Nullable Cell[] cells = new Cell[columns.size()];
        while (in.hasNext()) {
            String key = in.nextName();
            int index = index(key);
            if (cells[index] != null) {
                throw new IllegalArgumentException(
                        "key must occur once, got " + Numbers.show(key) + " twice");
            }
            cells[index] = cell(columns.get(index), in);
        }
        in.endObject();
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] == null) {
                throw new IllegalArgumentException(
                        "keys must be " + columns + ", got none called " + columns.get(i));
            }
        }
        return List.copyOf(Arrays.asList(cells));
    }

    private int index(String key) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(key)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "keys must be " + columns + ", got " + Numbers.show(key));
    }

    private static Cell cell(TableColumn column, JsonReader in) throws IOException {
        String name = column.name();
        return switch (column.type()) {
            case WHOLE -> {
                require(in, JsonToken.NUMBER, name);
                yield new Cell.Whole(Numbers.whole(name, in.nextString()));
            }
            case TEXT -> {
                require(in, JsonToken.STRING, name);
                yield new Cell.Text(in.nextString());
            }
            case FLOATS -> new Cell.Floats(floats(name, in));
            case REAL -> real(name, in);
        };
    }

    private static Cell real(String name, JsonReader in) throws IOException {
        if (in.peek() == JsonToken.NULL) {
            in.nextNull();
            return Cell.Absent.NOT_MEASURED;
        }
        return new Cell.Real(Numbers.real(name, number(name, in)));
    }

    /** A number, or one of the strings for what JSON has no number for. */
    private static String number(String name, JsonReader in) throws IOException {
        boolean string = in.peek() == JsonToken.STRING;
        if (!string) {
            require(in, JsonToken.NUMBER, name);
        }
        String text = in.nextString();
        if (string != Numbers.isSpecial(text)) {
            throw new IllegalArgumentException(
                    name
                            + " must be a number, \"NaN\", \"Infinity\" or \"-Infinity\", got "
                            + Numbers.show(text));
        }
        return text;
    }

    private static FloatMatrix floats(String name, JsonReader in) throws IOException {
        require(in, JsonToken.BEGIN_ARRAY, name);
        in.beginArray();
        float[] values = new float[16];
        int count = 0;
        while (in.hasNext()) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = Numbers.single(name, number(name, in));
        }
        in.endArray();
        return FloatMatrix.of(1, count, Arrays.copyOf(values, count));
    }

    private static void require(JsonReader in, JsonToken expected, String name) throws IOException {
        JsonToken got = in.peek();
        if (got != expected) {
            throw new IllegalArgumentException(
                    name + " must be " + describe(expected) + ", got " + describe(got));
        }
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            default -> "an end";
        };
    }
}
