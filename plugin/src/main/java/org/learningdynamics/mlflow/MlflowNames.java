package org.learningdynamics.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;

/** What MLflow takes as names and values: its letters and its lengths. */
final class MlflowNames {
    private static final int LONGEST_NAME = 250;
    private static final int LONGEST_VALUE = 500;
    private static final String CUT = "…";

    private MlflowNames() {}

    /** Letters that MLflow does not take become underscores. */
    static String name(String name) {
        String allowed = name.replaceAll("[^\\p{IsAlphabetic}\\p{IsDigit}_\\-. /]", "_");
        return clip(allowed.isBlank() ? "_" : allowed, LONGEST_NAME);
    }

    private static String clip(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + CUT;
    }

    static Metric metric(String name, double value, long step, long timeMillis) {
        return Metric.newBuilder()
                .setKey(name(name))
                .setValue(value)
                .setStep(step)
                .setTimestamp(timeMillis)
                .build();
    }

    static List<Param> params(Map<String, String> entries) {
        List<Param> params = new ArrayList<>();
        entries.forEach(
                (key, value) ->
                        params.add(
                                Param.newBuilder()
                                        .setKey(name(key))
                                        .setValue(clip(value, LONGEST_VALUE))
                                        .build()));
        return params;
    }

    static RunTag tag(String name, String value) {
        return RunTag.newBuilder().setKey(name(name)).setValue(clip(value, LONGEST_VALUE)).build();
    }
}
