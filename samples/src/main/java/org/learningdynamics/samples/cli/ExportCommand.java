package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.learningdynamics.export.ExchangeException;
import org.learningdynamics.export.ExportFormat;
import org.learningdynamics.export.RunExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics export RUN --format FORMAT --out DIR}. */
@Command(
        name = "export",
        description = "Writes a run file as files that other tools read.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "1", paramLabel = "RUN", description = "The run file (*.ldyn).")
    private Path run = Path.of("");

    @Option(
            names = "--format",
            required = true,
            description =
                    "csv, jsonl and parquet (a file a table), npy (an array a column), or reference"
                            + " (the files of the paper's code).")
    private ExportFormat format = ExportFormat.CSV;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "A new folder for the files.")
    private Path out = Path.of("");

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out)) {
            throw new ExchangeException(out + ": exists already; give a new folder");
        }
        console.say("exporting " + run);
        List<Path> files = RunExport.write(run, out, format);
        files.forEach(console.out()::println);
        return ExitCode.OK;
    }
}
