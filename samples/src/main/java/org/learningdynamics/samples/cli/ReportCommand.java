package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.SweepReport;
import org.learningdynamics.sweep.record.SweepFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics report RUN… --out FILE.html}, or one sweep in the runs' place. */
@Command(
        name = "report",
        description = "Draws run files, or a sweep, as one self-contained HTML page.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "Run files (*.ldyn), in order; or one sweep.jsonl or its folder.")
    private List<Path> runs = List.of();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The HTML file.")
    private Path out = Path.of("report.html");

    @Mixin private PageSettings page = new PageSettings();

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (runs.size() == 1 && isSweep(runs.get(0))) {
            SweepReport.write(runs.get(0), out);
        } else {
            Report.write(runs, out, page.options());
        }
        console.out().println(out.toAbsolutePath());
        return ExitCode.OK;
    }

    private static boolean isSweep(Path path) {
        return path.endsWith(SweepFile.NAME) || Files.exists(path.resolve(SweepFile.NAME));
    }
}
