package org.learningdynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.learningdynamics.recording.KernelRow;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileReader;

/**
 * The kernel over training: of each name and observed kind the mean over probes and examples, with
 * the mean of the single standard errors, which the error of the mean does not exceed however the
 * single errors hang together. Names that are about no probe, such as the alignment, have the kind
 * "".
 */
final class KernelCurves {
    private final TreeMap<String, TreeMap<String, TreeMap<Long, Sum>>> sums = new TreeMap<>();

    private KernelCurves() {}

    static KernelCurves of(RunFileReader file) {
        KernelCurves curves = new KernelCurves();
        file.interactions().forEachKernel(RowFilter.ALL, curves::add);
        return curves;
    }

    private void add(KernelRow row) {
        sums.computeIfAbsent(row.name(), name -> new TreeMap<>())
                .computeIfAbsent(row.kind(), kind -> new TreeMap<>())
                .computeIfAbsent(row.step(), step -> new Sum())
                .add(row);
    }

    void write(Json json, Map<Long, Long> iterations) {
        json.object();
        sums.forEach(
                (name, kinds) -> {
                    json.key(name).object();
                    kinds.forEach((kind, steps) -> write(json.key(kind), steps, iterations));
                    json.endObject();
                });
        json.endObject();
    }

    /** Rows of iteration, mean, standard error and number of values. */
    private static void write(Json json, Map<Long, Sum> steps, Map<Long, Long> iterations) {
        List<Long> all = new ArrayList<>(steps.keySet());
        json.array();
        for (int t : Sampling.even(all.size(), PanelSection.MAX_POINTS, List.of())) {
            Sum sum = steps.getOrDefault(all.get(t), new Sum());
            json.array().value(iterations.getOrDefault(all.get(t), all.get(t)));
            json.value(sum.values / sum.count).value(sum.errors / sum.count);
            json.value(sum.count).endArray();
        }
        json.endArray();
    }

    private static final class Sum {
        private double values;
        private double errors;
        private long count;

        void add(KernelRow row) {
            values += row.value();
            errors += row.standardError();
            count++;
        }
    }
}
