package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.ResidualRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.Interval;
import org.learningdynamics.series.MeanInterval;

/**
 * How hard the loss pulled over training: means over each recorded batch of {@code ‖A‖_F}, {@code
 * ‖G‖_F} and {@code |c|} of every part with their 95 % intervals over examples.
 */
final class ResidualCurves {
    private final Map<String, TreeMap<Long, List<double[]>>> byPart = new TreeMap<>();

    private ResidualCurves() {}

    static ResidualCurves of(RunFileReader file) {
        ResidualCurves curves = new ResidualCurves();
        file.interactions().forEachResidual(RowFilter.ALL, curves::add);
        return curves;
    }

    private void add(ResidualRow row) {
        byPart.computeIfAbsent(row.part(), part -> new TreeMap<>())
                .computeIfAbsent(row.step(), step -> new ArrayList<>())
                .add(new double[] {row.aNorm(), row.gNorm(), Math.abs(row.coefficient())});
    }

    void write(Json json, Map<Long, Long> iterations) {
        json.object();
        byPart.forEach(
                (part, steps) -> {
                    json.key(part).object();
                    write(json, steps, iterations);
                    json.endObject();
                });
        json.endObject();
    }

    private static void write(
            Json json, Map<Long, List<double[]>> steps, Map<Long, Long> iterations) {
        List<Long> all = new ArrayList<>(steps.keySet());
        int[] drawn = Sampling.even(all.size(), PanelSection.MAX_POINTS, List.of());
        json.key("x").array();
        for (int t : drawn) {
            json.value(iterations.getOrDefault(all.get(t), all.get(t)));
        }
        json.endArray();
        List<String> names = List.of("a", "g", "c");
        for (int n = 0; n < names.size(); n++) {
            json.key(names.get(n)).array();
            for (int t : drawn) {
                json.value(mean(steps.getOrDefault(all.get(t), List.of()), n));
            }
            json.endArray();
        }
    }

    private static Interval mean(List<double[]> rows, int column) {
        return MeanInterval.studentT(rows.stream().mapToDouble(row -> row[column]).toArray());
    }
}
