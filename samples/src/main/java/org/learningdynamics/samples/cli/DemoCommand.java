package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.learningdynamics.report.TextTable;
import org.learningdynamics.samples.demo.Demo;
import org.learningdynamics.samples.demo.DemoResult;
import org.learningdynamics.samples.demo.DemoSettings;
import org.learningdynamics.samples.demo.FactsDemo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dynamics demo}: the main job on the bundled data. */
@Command(
        name = "demo",
        description =
                "Pre-trains a small language model on the bundled facts, runs SFT and extended SFT,"
                        + " DPO from each, and tests the paper's claims on the recordings.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    /** How much is trained. */
    enum Size {
        TINY,
        FULL
    }

    private final Console console;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "demo",
            description = "Gets run files and report.html (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("demo");

    @Option(
            names = "--size",
            defaultValue = "full",
            description = "${COMPLETION-CANDIDATES} (default: full; tiny is too short to show)")
    private Size size = Size.FULL;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "" + DemoSettings.DEFAULT_SEED,
            description = "Initial weights and orders (default: ${DEFAULT-VALUE}).")
    private long seed;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        DemoSettings settings =
                size == Size.FULL ? DemoSettings.full(seed) : DemoSettings.tiny(seed);
        DemoResult result = new Demo(settings, FactsDemo.load(settings), out, console::show).run();
        console.out().print(TextTable.of(result.runs()));
        console.out().println();
        result.verdicts().forEach(console.out()::println);
        console.out().println();
        console.out().println("report: " + result.report().toAbsolutePath());
        return ExitCode.OK;
    }
}
