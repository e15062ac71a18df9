package org.learningdynamics.it.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.samples.sweeps.SweepProblem;
import org.learningdynamics.sweep.CandidateRunner;
import org.learningdynamics.sweep.Sweep;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;
import org.learningdynamics.train.Progress;

/** A sweep of tiny language models by a configuration, trained here or on Spark. */
final class SparkSweep {
    private static final Set<String> TIMES = Set.of("time_ms", "step_ms", "overhead_ms");
    private static final String CONFIG =
            """
            {
              "name": "tiny",
              "space": {
                "beta": {
                  "@class": "org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace",
                  "distribution": {"distribution": "LogUniformDistribution", "min": 0.02, "max": 1.0}
                }
              },
              "fixed": {"steps": STEPS, "batch": 4, "width": 16, "layers": 1, "heads": 2, "sft_steps": SFT},
              "scores": ["preference_margin", "final_log_prob"],
              "stop": {"median": {"after": 1, "candidates": 2}},
              "round": 2,
              "max_candidates": CANDIDATES,
              "record": {"times": 3},
              "data": {"pairs": "pairs.jsonl", "held_out": 3, "max_length": 16, "max_prompt_length": 8}
            }
            """;

    private final Path data;
    private final SweepConfig config;

    private SparkSweep(Path data, SweepConfig config) {
        this.data = data;
        this.config = config;
    }

    static SparkSweep of(Path data, int candidates, int sft, int steps) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append(
                    "{\"prompt\":\"what is %d ?\",\"chosen\":\"it is %d .\",\"rejected\":\"no .\"}\n"
                            .formatted(i, i));
        }
        Files.writeString(data.resolve("pairs.jsonl"), lines);
        String text =
                CONFIG.replace("CANDIDATES", Integer.toString(candidates))
                        .replace("SFT", Integer.toString(sft))
                        .replace("STEPS", Integer.toString(steps));
        Files.writeString(data.resolve("config.json"), text);
        return new SparkSweep(data, SweepConfig.fromJson(text));
    }

    /** Where a problem's candidates are trained. */
    interface Place {
        CandidateRunner<TrainingChoice> runner(SweepProblem problem);
    }

    SweepFile here(Path folder) throws Exception {
        try (SweepProblem problem = SweepProblem.open(config, data, folder, Progress.silent())) {
            return sweep(problem, folder).build().run();
        }
    }

    SweepFile at(Path folder, Place place) throws Exception {
        try (SweepProblem problem = SweepProblem.open(config, data, folder, Progress.silent())) {
            return sweep(problem, folder).runner(place.runner(problem)).build().run();
        }
    }

    private Sweep.Builder<TrainingChoice> sweep(SweepProblem problem, Path folder) {
        return config.sweep(problem.trainer(), folder)
                .resources(config.resources().withWorkers(LocalCluster.WORKERS));
    }

    /** Everything that a sweep found but times: results, and every row of every run file. */
    static Map<Integer, List<Object>> found(SweepFile file, Path folder) {
        Map<Integer, List<Object>> found = new TreeMap<>();
        for (ResultRow row : file.results()) {
            List<Object> all = new ArrayList<>();
            all.addAll(List.of(file.parameters(row.index()), row.state(), row.cause()));
            all.addAll(List.of(row.runs(), row.scores()));
            row.runs().forEach(run -> all.add(recording(folder.resolve(run))));
            found.put(row.index(), all);
        }
        return found;
    }

    private static List<String> recording(Path run) {
        List<String> rows = new ArrayList<>();
        RunFileReader.open(run)
                .forEachRow(List.of(RunTable.values()), (table, row) -> rows.add(text(table, row)));
        return rows;
    }

    private static String text(RunTable table, List<Cell> row) {
        StringBuilder text = new StringBuilder(table.name());
        boolean isTime = row.get(0).equals(new Cell.Text("created_at"));
        for (int i = 0; i < row.size(); i++) {
            isTime |= TIMES.contains(table.columns().get(i).name());
            text.append(' ').append(isTime ? "time" : row.get(i).toString());
            isTime &= table == RunTable.HEADER;
        }
        return text.toString();
    }
}
