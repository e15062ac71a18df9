package org.learningdynamics.sweep.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The records of a sweep file as JSON objects, one a line. NaN is null, infinities are texts. */
final class SweepJson {
    static final int FORMAT = 1;
    static final String RECORD = "record";
    static final String SWEEP = "sweep";
    static final String CANDIDATE = "candidate";
    static final String RESULT = "result";

    private SweepJson() {}

    static JsonObject of(SweepHeader header) {
        JsonObject json = record(SWEEP);
        json.addProperty("format", FORMAT);
        json.addProperty("name", header.name());
        json.addProperty("identity", header.identity());
        json.addProperty("library_version", header.libraryVersion());
        json.addProperty("created_at", header.createdAt().toString());
        json.add("parameters", texts(header.parameters()));
        JsonArray scores = new JsonArray();
        for (ScoreColumn column : header.scores()) {
            JsonObject score = new JsonObject();
            score.addProperty("name", column.name());
            score.addProperty("goal", column.goal().label());
            score.addProperty("unit", column.unit());
            scores.add(score);
        }
        json.add("scores", scores);
        json.addProperty("configuration", header.configuration());
        return json;
    }

    static SweepHeader header(JsonObject json) {
        int format = json.get("format").getAsInt();
        if (format > FORMAT) {
            throw new IllegalArgumentException(
                    "format must be at most " + FORMAT + ", got " + format);
        }
        List<ScoreColumn> scores = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray("scores")) {
            JsonObject score = element.getAsJsonObject();
            String goal = text(score, "goal").toUpperCase(Locale.ROOT);
            scores.add(
                    new ScoreColumn(text(score, "name"), Goal.valueOf(goal), text(score, "unit")));
        }
        return new SweepHeader(
                text(json, "name"),
                text(json, "identity"),
                text(json, "configuration"),
                texts(json.getAsJsonArray("parameters")),
                scores,
                text(json, "library_version"),
                Instant.parse(text(json, "created_at")));
    }

    static JsonObject of(CandidateRow row) {
        JsonObject json = record(CANDIDATE);
        json.addProperty("index", row.index());
        JsonObject parameters = new JsonObject();
        row.parameters().forEach((name, value) -> parameters.add(name, plain(value)));
        json.add("parameters", parameters);
        return json;
    }

    static CandidateRow candidate(JsonObject json) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        json.getAsJsonObject("parameters")
                .entrySet()
                .forEach(
                        entry ->
                                parameters.put(
                                        entry.getKey(),
                                        plain(entry.getValue().getAsJsonPrimitive())));
        return new CandidateRow(json.get("index").getAsInt(), parameters);
    }

    static JsonObject of(ResultRow row) {
        JsonObject json = record(RESULT);
        json.addProperty("index", row.index());
        json.addProperty("state", row.state().label());
        json.addProperty("cause", row.cause());
        JsonObject scores = new JsonObject();
        row.scores().forEach((name, value) -> scores.add(name, number(value)));
        json.add("scores", scores);
        json.add("runs", texts(row.runs()));
        JsonArray curve = new JsonArray();
        for (double value : row.curve()) {
            curve.add(number(value));
        }
        json.add("curve", curve);
        json.add("seconds", number(row.seconds()));
        return json;
    }

    static ResultRow result(JsonObject json) {
        Map<String, Double> scores = new LinkedHashMap<>();
        json.getAsJsonObject("scores")
                .entrySet()
                .forEach(entry -> scores.put(entry.getKey(), number(entry.getValue())));
        double[] curve =
                json.getAsJsonArray("curve").asList().stream()
                        .mapToDouble(SweepJson::number)
                        .toArray();
        return new ResultRow(
                json.get("index").getAsInt(),
                CandidateState.valueOf(text(json, "state").toUpperCase(Locale.ROOT)),
                text(json, "cause"),
                texts(json.getAsJsonArray("runs")),
                scores,
                curve,
                number(json.get("seconds")));
    }

    private static JsonObject record(String name) {
        JsonObject json = new JsonObject();
        json.addProperty(RECORD, name);
        return json;
    }

    private static JsonElement plain(Object value) {
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof Long number) {
            return new JsonPrimitive(number);
        }
        return value instanceof Boolean flag
                ? new JsonPrimitive(flag)
                : new JsonPrimitive(value.toString());
    }

    /** Numbers with a point or an exponent are {@link Double}, as they are written. */
    private static Object plain(JsonPrimitive value) {
        if (value.isBoolean()) {
            return value.getAsBoolean();
        }
        if (value.isString()) {
            return value.getAsString();
        }
        String text = value.getAsString();
        boolean isWhole = text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
        if (isWhole) {
            return new BigDecimal(text).longValueExact();
        }
        return Double.valueOf(text);
    }

    private static JsonElement number(double value) {
        if (Double.isNaN(value)) {
            return JsonNull.INSTANCE;
        }
        return Double.isInfinite(value)
                ? new JsonPrimitive(Double.toString(value))
                : new JsonPrimitive(value);
    }

    private static double number(JsonElement value) {
        return value.isJsonNull() ? Double.NaN : Double.parseDouble(value.getAsString());
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    private static List<String> texts(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }

    private static String text(JsonObject json, String key) {
        return json.get(key).getAsString();
    }
}
