package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.learningdynamics.export.ExchangeException;
import org.learningdynamics.export.ReferenceOptions;
import org.learningdynamics.export.RunImport;
import org.learningdynamics.export.SharedRows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics import FILE… --out RUN}. */
@Command(
        name = "import",
        description =
                "Makes a run file from what export wrote as csv or jsonl, or from a file of the"
                        + " paper's code.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "The tables or their folder; or one logp_npy_all_*.npy or *metrics.json of the"
                            + " paper's code.")
    private List<Path> files = List.of();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "RUN",
            description = "The new run file (*.ldyn).")
    private Path out = Path.of("");

    @Option(
            names = "--shared-rows",
            defaultValue = "by_layout",
            description =
                    "Whose argmax, rest, gap and energy are in a file of the paper's code: by_layout,"
                            + " or of_chosen for what export wrote (default: by_layout).")
    private SharedRows sharedRows = SharedRows.BY_LAYOUT;

    @Option(
            names = "--iterations-per-recording",
            paramLabel = "N",
            defaultValue = "1",
            description = "Updates between recordings in a file of the paper's code (default: 1).")
    private long iterationsPerRecording = 1;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ReferenceOptions options =
                new ReferenceOptions(sharedRows, iterationsPerRecording, Instant.EPOCH);
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new ExchangeException(file + ": no such file");
            }
        }
        console.say("importing " + files.size() + (files.size() == 1 ? " file" : " files"));
        console.out().println(RunImport.read(files, out, options));
        return ExitCode.OK;
    }
}
