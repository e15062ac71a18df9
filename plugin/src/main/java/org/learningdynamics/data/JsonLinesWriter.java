package org.learningdynamics.data;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes objects of strings as JSON Lines: UTF-8, LF, keys in the map's order, the same bytes for
 * the same input.
 */
public final class JsonLinesWriter {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private JsonLinesWriter() {}

    /**
     * One line, with its end.
     *
     * @param object texts by key; pass an ordered map
     * @return the line
     */
    public static String line(Map<String, String> object) {
        return GSON.toJson(object) + "\n";
    }

    /**
     * Writes a file, replacing one that is there.
     *
     * @param file where to
     * @param objects one for each line
     * @throws DataException if the file cannot be written
     */
    public static void write(Path file, List<Map<String, String>> objects) {
        StringBuilder text = new StringBuilder();
        objects.forEach(object -> text.append(line(object)));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
