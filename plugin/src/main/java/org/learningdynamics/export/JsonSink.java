package org.learningdynamics.export;

import com.google.gson.stream.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;

/**
 * A table as JSON Lines: UTF-8, LF, one strict object a row with the columns in order. JSON has no
 * NaN: NaN and infinities are the strings {@code "NaN"}, {@code "Infinity"} and {@code
 * "-Infinity"}; a value that was not measured is null.
 */
final class JsonSink implements TableSink {
    static final String ENDING = ".jsonl";

    private final BufferedWriter out;
    private final RunTable table;

    JsonSink(Path folder, RunTable table) throws IOException {
        this.table = table;
        Path file = folder.resolve(table.key() + ENDING);
        out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    @Override
    @SuppressWarnings("resource") // closing the object writer would close the file
    public void row(List<Cell> row) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.beginObject();
        for (int i = 0; i < row.size(); i++) {
            json.name(table.columns().get(i).name());
            value(json, row.get(i));
        }
        json.endObject();
        out.write('\n');
    }

    private static void value(JsonWriter json, Cell cell) throws IOException {
        if (cell instanceof Cell.Whole it) {
            json.value(it.value());
        } else if (cell instanceof Cell.Real it) {
            number(json, it.value(), Double.toString(it.value()));
        } else if (cell instanceof Cell.Text it) {
            json.value(it.value());
        } else if (cell instanceof Cell.Floats it) {
            array(json, it.values());
        } else {
            json.nullValue();
        }
    }

    private static void array(JsonWriter json, FloatMatrix values) throws IOException {
        json.beginArray();
        for (int i = 0; i < values.columns(); i++) {
            float value = values.get(0, i);
            number(json, value, Float.toString(value));
        }
        json.endArray();
    }

    private static void number(JsonWriter json, double value, String text) throws IOException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            json.value(text);
        } else {
            json.jsonValue(text);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
