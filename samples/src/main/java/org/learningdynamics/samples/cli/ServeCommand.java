package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.report.LiveReport;
import org.learningdynamics.report.ReportServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics serve RUN…}. */
@Command(
        name = "serve",
        description = {
            "Serves the report to this machine's browsers, updating while training runs.",
            "Prints the address, which holds a secret made at each start; ends with Ctrl-C."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "Run files (*.ldyn), in order; they need not be there yet.")
    private List<Path> runs = List.of();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port to listen at (default: any that is free).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = ReportServer.DEFAULT_HOST,
            description =
                    "Address to listen at (default: ${DEFAULT-VALUE}, this machine alone). Beyond"
                            + " this machine, secret and data go unencrypted.")
    private String host = ReportServer.DEFAULT_HOST;

    @Mixin private PageSettings page = new PageSettings();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        runs.stream().filter(Files::exists).forEach(RunFileReader::open);
        LiveReport report = LiveReport.of(runs, page.options());
        try (ReportServer server = ReportServer.start(report, host, port)) {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                console.say(
                        "the report can be reached from other machines, without encryption: whoever"
                                + " reads the traffic can see the secret and the data");
            }
            console.out().println(server.address());
            console.say("serving until Ctrl-C");
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }
}
