package org.learningdynamics.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;

/**
 * The responses whose influences are drawn: of those that influence was measured on, some evenly
 * spaced ones, as columns of the recorded matrices.
 */
final class DrawnResponses {
    static final int MAX_RESPONSES = 60;

    private final List<ResponseRow> rows;
    private final int[] columns;
    private final int measured;

    private DrawnResponses(List<ResponseRow> rows, int[] columns, int measured) {
        this.rows = List.copyOf(rows);
        this.columns = columns;
        this.measured = measured;
    }

    static DrawnResponses of(InteractionReader interactions) {
        List<ResponseRow> axis = interactions.responseAxis();
        Map<ResponseRow, Integer> columnOf = new HashMap<>();
        for (int column = 0; column < axis.size(); column++) {
            columnOf.put(axis.get(column), column);
        }
        List<ResponseRow> measured = interactions.measuredResponses();
        int[] columns =
                Arrays.stream(Sampling.even(measured.size(), MAX_RESPONSES, List.of()))
                        .map(index -> columnOf.getOrDefault(measured.get(index), 0))
                        .toArray();
        List<ResponseRow> rows = Arrays.stream(columns).mapToObj(axis::get).toList();
        return new DrawnResponses(rows, columns, measured.size());
    }

    List<ResponseRow> rows() {
        return rows;
    }

    int count() {
        return columns.length;
    }

    int column(int response) {
        return columns[response];
    }

    /** How many responses influence was measured on. */
    int measured() {
        return measured;
    }

    /** The number of a drawn response by {@link #key}. */
    Map<String, Integer> byKey() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            numbers.put(key(rows.get(i).probe(), rows.get(i).kind()), i);
        }
        return numbers;
    }

    static String key(int probe, String kind) {
        return probe + " " + kind;
    }

    /** Writes them with their prompts and texts, empty where texts are left out. */
    void write(Json json, List<ProbeRow> probes, TextUse texts) {
        Map<Integer, String> prompts = new HashMap<>();
        probes.forEach(probe -> prompts.put(probe.probe(), probe.prompt()));
        boolean shown = texts == TextUse.SHOWN;
        json.array();
        for (ResponseRow row : rows) {
            String prompt = shown ? prompts.getOrDefault(row.probe(), "") : "";
            json.object().key("probe").value(row.probe()).key("kind").value(row.kind());
            json.key("prompt").value(ExampleTexts.excerpt(prompt));
            json.key("text").value(shown ? ExampleTexts.excerpt(row.text()) : "").endObject();
        }
        json.endArray();
    }
}
