package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.report.SweepReport;
import org.learningdynamics.samples.sweeps.SweepProblem;
import org.learningdynamics.spark.SparkCandidates;
import org.learningdynamics.spark.SparkCluster;
import org.learningdynamics.sweep.Sweep;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.SweepProgress;
import org.learningdynamics.sweep.TrainingChoice;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code dynamics sweep CONFIG.json --out DIR}: trains and scores candidates, or goes on with it.
 */
@Command(
        name = "sweep",
        description =
                "Draws candidates from a search space, trains, records and scores each. Run again"
                        + " with the same folder, it goes on where it was.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    private final Console console;

    @Parameters(paramLabel = "CONFIG", description = "JSON, see docs/sweeps.md.")
    private Path config = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Gets sweep.jsonl, a run file a stage of a candidate and report.html.")
    private Path out = Path.of("");

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Candidates trained at once (default: the configuration's, or 1; with --spark"
                            + " as many as the cluster runs tasks).")
    private @Nullable Integer workers;

    @Mixin private SparkOptions spark = new SparkOptions();

    SweepCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        spark.requirePresent();
        SweepConfig read = SweepConfig.read(config);
        Files.createDirectories(out);
        Path folder = Optional.ofNullable(config.toAbsolutePath().getParent()).orElse(Path.of(""));
        try (SweepProblem problem = SweepProblem.open(read, folder, out, console::show)) {
            Sweep.Builder<TrainingChoice> sweep =
                    read.sweep(problem.trainer(), out).progress(at -> show(read, at));
            SweepFile result = spark.isGiven() ? onSpark(read, problem, sweep) : here(read, sweep);
            console.out().print(SweepTable.of(result, SHOWN));
            Path report = out.resolve("report.html");
            SweepReport.write(out, report);
            console.out().println("report: " + report.toAbsolutePath());
        }
        return ExitCode.OK;
    }

    private SweepFile here(SweepConfig read, Sweep.Builder<TrainingChoice> sweep)
            throws InterruptedException {
        int most = workers == null ? read.resources().workers() : workers;
        return sweep.resources(read.resources().withWorkers(most)).build().run();
    }

    private SweepFile onSpark(
            SweepConfig read, SweepProblem problem, Sweep.Builder<TrainingChoice> sweep)
            throws InterruptedException {
        try (SparkCluster cluster = spark.connect("sweep " + read.name());
                SparkCandidates<TrainingChoice> runner =
                        cluster.candidates(problem.sent().opener(), problem.sent().files())) {
            int most = workers == null ? cluster.slots() : workers;
            return sweep.runner(runner).resources(read.resources().withWorkers(most)).build().run();
        }
    }

    private void show(SweepConfig read, SweepProgress at) {
        String first = read.scores().get(0).label();
        String best = at.best().map(result -> best(result, first)).orElse("no score yet");
        String failed = at.failed() == 0 ? "" : "  " + at.failed() + " failed";
        console.progress(read.name(), at.ended(), at.total().orElse(at.ended() + 1), best + failed);
    }

    private static String best(ResultRow result, String score) {
        return String.format(
                Locale.ROOT, "best %d: %s %.4g", result.index(), score, result.score(score));
    }
}
