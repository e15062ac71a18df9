package org.learningdynamics.sweep.record;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A sweep file's whole lines.
 *
 * @param file what they say
 * @param bytes how long they are; what follows is a line that was torn by a kill
 */
record SweepLines(SweepFile file, long bytes) {
    static SweepLines read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(SweepFile.NAME) : path;
        if (!Files.isRegularFile(file)) {
            throw new SweepFileException(file, "no sweep file is here");
        }
        String text = text(file);
        int end = text.lastIndexOf('\n') + 1;
        Parsing parsing = new Parsing(file);
        text.substring(0, end).lines().forEach(parsing::add);
        long bytes = text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
        return new SweepLines(parsing.file(), bytes);
    }

    /** Whether the writer was killed before its first line was whole. */
    static boolean isEmpty(Path file) {
        return !text(file).contains("\n");
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SweepFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Line by line. */
    private static final class Parsing {
        private final Path file;
        private final List<SweepHeader> headers = new ArrayList<>();
        private final List<CandidateRow> candidates = new ArrayList<>();
        private final List<ResultRow> results = new ArrayList<>();
        private final Set<Integer> drawn = new HashSet<>();
        private final Set<Integer> ended = new HashSet<>();
        private int number;

        Parsing(Path file) {
            this.file = file;
        }

        void add(String line) {
            number++;
            try {
                take(object(line));
            } catch (IllegalArgumentException
                    | IllegalStateException
                    | ArithmeticException
                    | NullPointerException
                    | JsonParseException e) {
                throw new SweepFileException(
                        file, "line " + number + " is no record of a sweep: " + e.getMessage(), e);
            }
        }

        private static JsonObject object(String line) {
            JsonElement element = JsonParser.parseString(line);
            if (!element.isJsonObject()) {
                throw new IllegalArgumentException("a JSON object is needed");
            }
            return element.getAsJsonObject();
        }

        private void take(JsonObject json) {
            String record = json.get(SweepJson.RECORD).getAsString();
            if (number == 1) {
                require(
                        record.equals(SweepJson.SWEEP),
                        "the first must be \"sweep\", got " + record);
                headers.add(SweepJson.header(json));
                return;
            }
            switch (record) {
                case SweepJson.CANDIDATE -> {
                    CandidateRow row = SweepJson.candidate(json);
                    require(drawn.add(row.index()), "candidate " + row.index() + " stands twice");
                    candidates.add(row);
                }
                case SweepJson.RESULT -> {
                    ResultRow row = SweepJson.result(json);
                    require(drawn.contains(row.index()), "no candidate " + row.index() + " before");
                    require(ended.add(row.index()), "result " + row.index() + " stands twice");
                    results.add(row);
                }
                default -> throw new IllegalArgumentException("unknown record " + record);
            }
        }

        private static void require(boolean holds, String problem) {
            if (!holds) {
                throw new IllegalArgumentException(problem);
            }
        }

        SweepFile file() {
            if (headers.isEmpty()) {
                throw new SweepFileException(file, "must begin with a whole line, has none");
            }
            return new SweepFile(file, headers.get(0), candidates, results);
        }
    }
}
