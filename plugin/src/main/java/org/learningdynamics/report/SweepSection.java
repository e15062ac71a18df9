package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.sweep.record.CandidateRow;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.ScoreColumn;
import org.learningdynamics.sweep.record.SweepFile;

/** The data of a sweep's page. */
final class SweepSection {
    /** Candidates whose curves are drawn. */
    static final int MOST_CURVES = 6;

    /** A parameter that spans more than this factor is drawn on a logarithmic axis. */
    private static final double WIDE = 30;

    private final SweepFile sweep;
    private final Map<Integer, ResultRow> results;
    private final List<String> names;

    private SweepSection(SweepFile sweep) {
        this.sweep = sweep;
        results = sweep.byCandidate();
        names = sweep.header().parameters();
    }

    static String data(SweepFile sweep) {
        Json json = new Json();
        new SweepSection(sweep).write(json);
        return json.toString();
    }

    private void write(Json json) {
        json.object().key("title").value(sweep.header().name());
        json.key("parameters").array();
        names.forEach(name -> parameter(json, name));
        json.endArray().key("scores").array();
        for (ScoreColumn score : sweep.header().scores()) {
            json.object().key("name").value(score.name()).key("goal").value(score.goal().label());
            json.key("unit").value(score.unit()).endObject();
        }
        json.endArray().key("candidates").array();
        Set<Integer> front = new HashSet<>();
        sweep.front().forEach(row -> front.add(row.index()));
        sweep.candidates().forEach(row -> candidate(json, row, front.contains(row.index())));
        json.endArray().key("best").array();
        List<ResultRow> ranked = sweep.ranked();
        ranked.forEach(row -> json.value(row.index()));
        json.endArray().key("curves");
        SweepCurves.write(json, sweep, ranked.stream().limit(MOST_CURVES).toList());
        json.key("configuration").value(sweep.header().configuration());
        json.key("createdAt").value(sweep.header().createdAt().toString());
        json.key("version").value(sweep.header().libraryVersion());
        json.endObject();
    }

    private void parameter(Json json, String name) {
        List<Object> values = new ArrayList<>();
        for (CandidateRow row : sweep.candidates()) {
            Object value = row.parameters().get(name);
            if (value != null) {
                values.add(value);
            }
        }
        boolean numeric = !values.isEmpty() && values.stream().allMatch(Number.class::isInstance);
        json.object().key("name").value(name).key("numeric").value(numeric);
        json.key("log").value(numeric && isWide(values));
        json.key("categories").array();
        if (!numeric) {
            Set<String> different = new TreeSet<>();
            values.forEach(value -> different.add(value.toString()));
            different.forEach(json::value);
        }
        json.endArray().endObject();
    }

    private static boolean isWide(List<Object> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (Object value : values) {
            double number = ((Number) value).doubleValue();
            low = Math.min(low, number);
            high = Math.max(high, number);
        }
        return low > 0 && high / low > WIDE;
    }

    private void candidate(Json json, CandidateRow row, boolean isOnFront) {
        ResultRow result = results.get(row.index());
        json.object().key("index").value(row.index());
        json.key("state").value(result == null ? "running" : result.state().label());
        json.key("cause").value(result == null ? "" : result.cause());
        json.key("front").value(isOnFront);
        json.key("seconds").value(result == null ? Double.NaN : result.seconds());
        json.key("values").array();
        for (String name : names) {
            Object value = row.parameters().get(name);
            if (value instanceof Number number) {
                json.value(number.doubleValue());
            } else {
                json.value(value == null ? "" : value.toString());
            }
        }
        json.endArray().key("scores").array();
        for (ScoreColumn score : sweep.header().scores()) {
            json.value(result == null ? Double.NaN : result.score(score.name()));
        }
        json.endArray().endObject();
    }
}
