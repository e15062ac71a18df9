package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.series.LikelihoodTable;
import org.learningdynamics.series.Measure;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunSequence;

/**
 * Single probes: their texts and the log-probability of each response over the recordings, thinned
 * for drawing. If there are more probes than wanted, they are chosen evenly along the change of
 * their first kind, its ends included.
 */
final class ProbeSection {
    static final int MAX_POINTS = 60;
    static final int MAX_VALUES = 600_000;
    static final int MAX_CHARACTERS = 6_000_000;
    static final int MAX_TEXT = 4_000;

    private final List<RunSequence> sequences;
    private final TextUse texts;
    private final Map<String, Detail> details = new LinkedHashMap<>();

    private final List<Detail> shown;

    ProbeSection(List<RunSequence> sequences, ReportOptions options) {
        this.sequences = sequences;
        this.texts = options.texts();
        sequences.forEach(this::collect);
        this.shown = choose(options.maxProbes());
    }

    /** The places of the shown probes in the list, by key. */
    Map<String, Integer> numbers() {
        IdentityHashMap<Detail, Integer> places = new IdentityHashMap<>();
        shown.forEach(detail -> places.put(detail, places.size()));
        Map<String, Integer> numbers = new HashMap<>();
        details.forEach(
                (key, detail) -> {
                    Integer place = places.get(detail);
                    if (place != null) {
                        numbers.put(key, place);
                    }
                });
        return numbers;
    }

    void write(Json json) {
        json.object().key("total").value(details.size());
        json.key("texts").value(texts == TextUse.SHOWN);
        int points = points(shown);
        List<int[]> drawn = new ArrayList<>();
        for (RunSequence sequence : sequences) {
            drawn.add(
                    Sampling.even(
                            sequence.iterations().size(), Math.max(2, points), sequence.starts()));
        }
        json.key("x").array();
        for (int s = 0; s < drawn.size(); s++) {
            json.array();
            for (int t : drawn.get(s)) {
                json.value(sequences.get(s).iterations().get(t));
            }
            json.endArray();
        }
        json.endArray().key("at").array();
        for (int s = 0; s < drawn.size(); s++) {
            json.array();
            for (int t : drawn.get(s)) {
                json.value(sequences.get(s).runAt(t));
            }
            json.endArray();
        }
        json.endArray().key("list").array();
        int limit = textLimit(shown);
        shown.forEach(detail -> write(json, detail, drawn, limit));
        json.endArray().endObject();
    }

    private void collect(RunSequence sequence) {
        Map<Integer, String> keys = ProbeKeys.byId(sequence);
        for (ProbeRow probe : sequence.probes()) {
            String key = keys.getOrDefault(probe.probe(), "");
            details.computeIfAbsent(
                            key, k -> new Detail(probe, new HashMap<>(), new LinkedHashMap<>()))
                    .ids
                    .put(sequence, probe.probe());
        }
        for (RecordedRun run : sequence.runs()) {
            collectResponses(run);
        }
    }

    private void collectResponses(RecordedRun run) {
        Map<Integer, String> keys = ProbeKeys.byId(new RunSequence(run.name(), List.of(run)));
        for (ResponseRow response : run.responses()) {
            Detail detail = details.get(keys.getOrDefault(response.probe(), ""));
            if (detail != null) {
                detail.responses.putIfAbsent(response.kind(), response);
            }
        }
    }

    private List<Detail> choose(int most) {
        List<Detail> all = new ArrayList<>(details.values());
        if (all.size() <= most || most == 0) {
            return most == 0 ? List.of() : all;
        }
        all.sort(Comparator.comparingDouble(this::change));
        List<Detail> chosen = new ArrayList<>();
        for (int i : Sampling.even(all.size(), most, List.of())) {
            chosen.add(all.get(i));
        }
        chosen.sort(Comparator.comparingInt(detail -> detail.probe.probe()));
        return chosen;
    }

    /** Change of a probe's first kind over the last sequence that has the probe. */
    private double change(Detail detail) {
        double change = 0;
        for (RunSequence sequence : sequences) {
            double[] curve = curve(sequence, detail, detail.firstKind());
            if (curve.length > 0) {
                change = curve[curve.length - 1] - curve[0];
            }
        }
        return Double.isNaN(change) ? 0 : change;
    }

    private static double[] curve(RunSequence sequence, Detail detail, String kind) {
        LikelihoodTable table = sequence.likelihoods();
        int id = detail.ids.getOrDefault(sequence, Integer.MIN_VALUE);
        int position = Arrays.binarySearch(table.probes(kind), id);
        return position < 0 ? new double[0] : table.curve(Measure.LOG_PROB, kind, position);
    }

    private int points(List<Detail> shown) {
        long curves = 1;
        for (Detail detail : shown) {
            curves += (long) detail.ids.size() * detail.responses.size();
        }
        return (int) Math.max(2, Math.min(MAX_POINTS, MAX_VALUES / curves));
    }

    private int textLimit(List<Detail> shown) {
        long count = 1;
        for (Detail detail : shown) {
            count += 1 + detail.responses.size();
        }
        return (int) Math.max(40, Math.min(MAX_TEXT, MAX_CHARACTERS / count));
    }

    private void write(Json json, Detail detail, List<int[]> drawn, int limit) {
        json.object().key("id").value(detail.probe.probe());
        json.key("set").value(detail.probe.setName());
        json.key("prompt").value(text(detail.probe.prompt(), limit)).key("kinds").object();
        detail.responses.forEach(
                (kind, response) -> {
                    json.key(kind).object().key("tokens").value(response.tokens());
                    json.key("text").value(text(response.text(), limit));
                    json.key("curves").array();
                    IntStream.range(0, sequences.size())
                            .forEach(s -> writeCurve(json, s, detail, kind, drawn.get(s)));
                    json.endArray().endObject();
                });
        json.endObject().endObject();
    }

    private void writeCurve(Json json, int number, Detail detail, String kind, int[] drawn) {
        double[] curve = curve(sequences.get(number), detail, kind);
        json.values(curve.length == 0 ? curve : Sampling.at(curve, drawn));
    }

    private String text(String text, int limit) {
        if (texts == TextUse.LEFT_OUT) {
            return "";
        }
        return text.length() <= limit ? text : text.substring(0, limit) + " […]";
    }

    /** A probe with its id in each sequence that has it, and its responses by kind. */
    private record Detail(
            ProbeRow probe, Map<RunSequence, Integer> ids, Map<String, ResponseRow> responses) {
        String firstKind() {
            return responses.keySet().stream().findFirst().orElse("");
        }
    }
}
