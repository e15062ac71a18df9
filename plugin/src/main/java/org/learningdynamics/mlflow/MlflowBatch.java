package org.learningdynamics.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.recording.Event;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.RunTag;

/** Values and tags on their way to a server. */
record MlflowBatch(List<Metric> metrics, List<RunTag> tags) {
    static RunTag tag(Event event) {
        return MlflowNames.tag("event/" + event.code(), event.message());
    }

    int size() {
        return metrics.size() + tags.size();
    }

    /** Joins batches; of several tags with one name the last stays. */
    static MlflowBatch join(List<MlflowBatch> batches) {
        List<Metric> metrics = new ArrayList<>();
        Map<String, RunTag> tags = new LinkedHashMap<>();
        for (MlflowBatch batch : batches) {
            metrics.addAll(batch.metrics);
            batch.tags.forEach(tag -> tags.put(tag.getKey(), tag));
        }
        return new MlflowBatch(metrics, List.copyOf(tags.values()));
    }
}
