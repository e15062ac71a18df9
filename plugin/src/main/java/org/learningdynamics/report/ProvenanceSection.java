package org.learningdynamics.report;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.learningdynamics.recording.Event;
import org.learningdynamics.series.RecordedRun;

/** Where the runs come from, what it cost to record them, and what happened on the way. */
final class ProvenanceSection {
    static final int MAX_EVENTS = 200;

    /** Entries that are different for every run. */
    private static final Set<String> OWN = Set.of("run", "stage", "created_at", "continues");

    private ProvenanceSection() {}

    static void writeHeaders(Json json, List<RecordedRun> runs) {
        TreeSet<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(run.header().keySet()));
        json.array();
        for (String key : keys) {
            json.object().key("key").value(key).key("differs").value(differs(key, runs));
            json.key("own").value(OWN.contains(key));
            json.key("values").values(values(key, runs)).endObject();
        }
        json.endArray();
    }

    /** The entries in which runs differ, sorted, without those that are a run's own. */
    static List<String> differingKeys(List<RecordedRun> runs) {
        TreeSet<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(run.header().keySet()));
        return keys.stream().filter(key -> differs(key, runs)).toList();
    }

    private static boolean differs(String key, List<RecordedRun> runs) {
        return !OWN.contains(key) && Set.copyOf(values(key, runs)).size() > 1;
    }

    private static List<String> values(String key, List<RecordedRun> runs) {
        return runs.stream().map(run -> run.header().getOrDefault(key, "")).toList();
    }

    static void writeOverhead(Json json, List<RecordedRun> runs) {
        json.array();
        for (RecordedRun run : runs) {
            Overhead overhead = Overhead.of(run);
            json.object().key("run").value(run.name());
            json.key("recordings").value(overhead.recordings());
            json.key("rows").value(overhead.rowsPerRecording());
            json.key("median").value(overhead.medianMillis());
            json.key("max").value(overhead.maxMillis());
            json.key("perRow").value(overhead.millisPerRow());
            json.key("total").value(overhead.totalMillis());
            json.key("wall").value(overhead.wallMillis());
            json.key("share").value(overhead.share()).endObject();
        }
        json.endArray();
    }

    static void writeEvents(Json json, List<RecordedRun> runs) {
        json.array();
        for (RecordedRun run : runs) {
            for (Event event : run.events().subList(0, Math.min(MAX_EVENTS, run.events().size()))) {
                json.object().key("run").value(run.name()).key("step").value(event.step());
                json.key("severity").value(Keys.of(event.severity()));
                json.key("code").value(event.code());
                json.key("message").value(event.message()).endObject();
            }
        }
        json.endArray();
    }

    static long eventCount(List<RecordedRun> runs) {
        return runs.stream().mapToLong(run -> run.events().size()).sum();
    }
}
