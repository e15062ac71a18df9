package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.learningdynamics.mlflow.MlflowExport;
import org.learningdynamics.mlflow.MlflowTarget;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.report.TextUse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics mlflow RUN --uri ADDRESS}. */
@Command(
        name = "mlflow",
        description = {
            "Sends a run file to an MLflow server: header, series, alarms and the report.",
            "Takes credentials from MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
                    + " MLFLOW_TRACKING_PASSWORD."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class MlflowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "1", paramLabel = "RUN", description = "The run file (*.ldyn).")
    private Path run = Path.of("");

    @Option(
            names = "--uri",
            required = true,
            paramLabel = "ADDRESS",
            description = "The server, as in http://127.0.0.1:5000.")
    private URI uri = URI.create("");

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The experiment (default: the server's own).")
    private String experiment = "";

    @Option(
            names = "--texts",
            defaultValue = "shown",
            description =
                    "Prompts and responses in the report: ${COMPLETION-CANDIDATES} (default:"
                            + " shown).")
    private TextUse texts = TextUse.SHOWN;

    @Option(names = "--no-report", description = "Send the numbers without the report.")
    private boolean withoutReport;

    MlflowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        MlflowTarget target = MlflowTarget.of(uri).experiment(experiment);
        console.out().println(withoutReport ? send(target, List.of()) : sendWithReport(target));
        return ExitCode.OK;
    }

    private String sendWithReport(MlflowTarget target) throws IOException {
        Path folder = Files.createTempDirectory("dynamics-mlflow");
        Path report = folder.resolve("report.html");
        try {
            Report.write(List.of(run), report, ReportOptions.DEFAULT.texts(texts));
            return send(target, List.of(report));
        } finally {
            Files.deleteIfExists(report);
            Files.delete(folder);
        }
    }

    private String send(MlflowTarget target, List<Path> artefacts) throws IOException {
        console.say("sending " + run + " to " + target.uri());
        return MlflowExport.send(run, target, artefacts);
    }
}
