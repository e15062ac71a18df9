package org.learningdynamics.mlflow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.StepRow;
import org.learningdynamics.series.Alarm;
import org.learningdynamics.series.Alarms;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.series.RunLoader;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;

/**
 * Sends a recorded run to an MLflow server as a run of its own: the header as parameters, the
 * series as metrics (the mean over probes of each measure of each kind, and every training metric),
 * alarms and the last event of each code as tags, files as artefacts.
 */
public final class MlflowExport {
    /** Most metrics that MLflow takes at once. */
    static final int MOST_METRICS = 1000;

    /** Most parameters, and most tags, that MLflow takes at once. */
    static final int MOST_ENTRIES = 100;

    private MlflowExport() {}

    /**
     * Sends a run file.
     *
     * @param run the run file
     * @param target where to send it
     * @param artefacts files to store with it, such as its report
     * @return what the server calls the run
     * @throws IOException if the server cannot be reached, refuses or does not answer in time; what
     *     was sent before stays there
     * @throws org.learningdynamics.recording.RunFileException if the file cannot be read
     */
    public static String send(Path run, MlflowTarget target, List<Path> artefacts)
            throws IOException {
        return send(RunLoader.load(run), target, artefacts);
    }

    static String send(RecordedRun run, MlflowTarget target, List<Path> artefacts)
            throws IOException {
        try (MlflowConnection connection = new MlflowConnection(target)) {
            List<StepRow> steps = run.steps();
            long start = steps.isEmpty() ? 0 : steps.get(0).timeMillis();
            RunInfo created = connection.createRun(run.name(), start, List.of());
            String id = created.getRunId();
            sendEntries(connection, id, MlflowNames.params(run.header()), tags(run));
            for (List<Metric> part : parts(MlflowSeries.of(run), MOST_METRICS)) {
                connection.log(id, part, List.of(), List.of());
            }
            for (Path artefact : artefacts) {
                connection.upload(created, artefact);
            }
            connection.finish(id, steps.isEmpty() ? 0 : steps.get(steps.size() - 1).timeMillis());
            return id;
        }
    }

    private static void sendEntries(
            MlflowConnection connection, String run, List<Param> params, List<RunTag> tags)
            throws IOException {
        for (List<Param> part : parts(params, MOST_ENTRIES)) {
            connection.log(run, List.of(), part, List.of());
        }
        for (List<RunTag> part : parts(tags, MOST_ENTRIES)) {
            connection.log(run, List.of(), List.of(), part);
        }
    }

    private static List<RunTag> tags(RecordedRun run) {
        Map<String, String> tags = new TreeMap<>();
        run.events().forEach(event -> tags.put("event/" + event.code(), event.message()));
        for (Alarm alarm : Alarms.of(run)) {
            String severity = alarm.severity().name().toLowerCase(Locale.ROOT);
            tags.put("alarm/" + alarm.code(), severity + ": " + alarm.message());
        }
        List<RunTag> rows = new ArrayList<>();
        tags.forEach((name, value) -> rows.add(MlflowNames.tag(name, value)));
        return rows;
    }

    /** Cuts a list into parts of at most a size. */
    static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            parts.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return parts;
    }
}
