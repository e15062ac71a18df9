package org.learningdynamics.samples.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.learningdynamics.report.TerminalWatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics watch RUN}. */
@Command(
        name = "watch",
        description = {
            "Shows a run while another process writes it; ends with the run, or with Ctrl-C.",
            "A screen on a terminal, elsewhere a line for each recording."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Parameters(
            arity = "1",
            paramLabel = "RUN",
            description = "The run file (*.ldyn); it need not be there yet.")
    private Path run = Path.of("");

    @Option(names = "--once", description = "Show the run as it is now and end.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Seconds between two looks (default: ${DEFAULT-VALUE}).")
    private double interval;

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (!(interval >= 0.1 && interval <= 3600)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--interval must be in [0.1, 3600] seconds, got " + interval);
        }
        InstantSource clock = InstantSource.system();
        Terminal terminal = new Terminal(console);
        if (once) {
            console.out().print(TerminalWatch.snapshot(run, terminal.size(), clock.instant()));
            return ExitCode.OK;
        }
        TerminalWatch.Style style =
                console.isTerminal() ? TerminalWatch.Style.SCREEN : TerminalWatch.Style.LINES;
        TerminalWatch watch = TerminalWatch.of(run, console.out(), style, terminal::size, clock);
        follow(watch);
        return ExitCode.OK;
    }

    /** However the process ends, the terminal is given back. */
    private void follow(TerminalWatch watch) throws InterruptedException {
        Thread atExit = new Thread(watch::close, "watch-close");
        Runtime.getRuntime().addShutdownHook(atExit);
        try (watch) {
            while (watch.look()) {
                Thread.sleep(Math.round(1000 * interval));
            }
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
