package org.learningdynamics.samples.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.export.ExchangeException;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.sweep.record.SweepFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line {@code dynamics}; each verb only calls the plugin. */
@Command(
        name = "dynamics",
        description = "Records which training example moved which response, and draws it.",
        mixinStandardHelpOptions = true,
        versionProvider = Dynamics.Version.class,
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            SweepCommand.class,
            ProbeCommand.class,
            GenerateCommand.class,
            ReportCommand.class,
            WatchCommand.class,
            ServeCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            MlflowCommand.class,
            InfluenceCommand.class,
            ChesCommand.class,
            DoctorCommand.class,
            AuditCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed for a reason other than the input",
            "2:the command line or the configuration file is wrong",
            "3:a data, probe, model or run file is wrong",
            "4:the audit found gradients that are wrong, missing or doubtful"
        })
public final class Dynamics implements Runnable {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show stack traces and what the libraries print.")
    private boolean debug;

    @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

    /**
     * Runs a verb and ends the process with its exit code.
     *
     * @param args verb and options
     */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int code = execute(out, System.err, args);
        out.flush();
        System.exit(code);
    }

    /**
     * Runs a verb without ending the process.
     *
     * @param out where results are printed
     * @param err where errors and progress are printed
     * @param args verb and options
     * @return the exit code
     */
    public static int execute(PrintStream out, PrintStream err, String... args) {
        Dynamics root = new Dynamics();
        CommandLine line = new CommandLine(root, new Verbs(new Console(out, err)));
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (failure, failed, result) -> report(root.debug, failure, failed));
        try {
            ConfigFile.apply(line, args);
        } catch (CommandLine.ParameterException e) {
            line.getErr().println("dynamics: " + e.getMessage());
            return ExitCode.USAGE;
        }
        CudaFallback.start(err);
        return quietly(args, () -> line.execute(args));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "a verb is needed");
    }

    private static int quietly(String[] args, java.util.function.IntSupplier body) {
        if (java.util.List.of(args).contains("--debug")) {
            return body.getAsInt();
        }
        // SameDiff prints to standard output while it builds gradient graphs.
        PrintStream before = System.out;
        System.setOut(new PrintStream(java.io.OutputStream.nullOutputStream()));
        try {
            return body.getAsInt();
        } finally {
            System.setOut(before);
        }
    }

    private static int report(boolean debug, Exception failure, CommandLine line) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        line.getErr().println("dynamics: " + message.lines().findFirst().orElse(message));
        if (debug) {
            failure.printStackTrace(line.getErr());
        }
        if (failure instanceof DataException
                || failure instanceof RunFileException
                || failure instanceof SweepFileException
                || failure instanceof ExchangeException) {
            return ExitCode.DATA;
        }
        return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    /** Gives verbs their console. */
    private record Verbs(Console console) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1
                        && constructor.getParameterTypes()[0] == Console.class) {
                    return type.cast(constructor.newInstance(console));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            @Nullable String version = Dynamics.class.getPackage().getImplementationVersion();
            return new String[] {"dynamics " + (version == null ? "(not packaged)" : version)};
        }
    }
}
