package org.learningdynamics.samples.digits;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.Shuffle;
import org.learningdynamics.samples.digits.RenderedDigits.Split;
import org.learningdynamics.samples.squeezing.SqueezingPage;
import org.learningdynamics.samples.squeezing.ToyCase;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The paper's experiments on digits: trains LeNet and a multilayer perceptron, writes a run file of
 * each, {@code digits.html} and {@code squeezing.html}, and prints accuracy and pull.
 */
@Command(
        name = "digits",
        description = "Trains classifiers of digits and shows which classes pull each other.",
        mixinStandardHelpOptions = true)
public final class DigitsDemo implements Callable<Integer> {
    /** How much is trained. */
    enum Size {
        /** 50 images to learn, 50 to watch, one epoch: too short to show anything. */
        TINY,
        /** 2,000 images each, the quick recipe. */
        FULL,
        /** 2,000 images each, the paper's recipe. */
        PAPER
    }

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "digits",
            description = "Gets run files and pages (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("digits");

    @Option(
            names = "--size",
            defaultValue = "full",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Size size = Size.FULL;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Images, weights, orders (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--mnist",
            paramLabel = "DIR",
            description = "Learn MNIST's own images from its four files, plain or .gz.")
    private @Nullable Path mnist;

    /**
     * Runs the demo.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = execute(args, out, err);
        System.exit(code);
    }

    static int execute(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new DigitsDemo())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(out)
                .setErr(err)
                .execute(args);
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        List<DigitExperiment.Result> results = new ArrayList<>();
        for (DigitModel model : DigitModel.values()) {
            var experiment =
                    new DigitExperiment(
                            model,
                            recipe(),
                            images(Split.TRAIN),
                            images(Split.TEST),
                            Clock.systemUTC());
            Path file = out.resolve(model.label() + ".ldyn");
            DigitExperiment.Result result = experiment.run(file, writer(false)::println);
            print(model, result);
            results.add(result);
        }
        DigitPage.of(results).write(out.resolve("digits.html"));
        SqueezingPage.of(ToyCase.draw(seed)).write(out.resolve("squeezing.html"));
        writer(true).println("pages: " + out.resolve("digits.html") + ", squeezing.html");
        return CommandLine.ExitCode.OK;
    }

    private DigitRecipe recipe() {
        return switch (size) {
            case TINY -> DigitRecipe.quick(seed).withEpochs(1);
            case FULL -> DigitRecipe.quick(seed);
            case PAPER -> DigitRecipe.paper(seed);
        };
    }

    private DigitImages images(Split split) {
        int count = size == Size.TINY ? 50 : 2000;
        return mnist == null
                ? RenderedDigits.render(split, count, seed)
                : MnistFiles.read(mnist, split).draw(count, Shuffle.random(seed, 0));
    }

    private void print(DigitModel model, DigitExperiment.Result result) {
        writer(true)
                .printf(
                        Locale.ROOT,
                        "%s: accuracy %.2f %% early, %.2f %% at the end%n%s%n",
                        model.label(),
                        100 * result.early().accuracy(),
                        100 * result.last().accuracy(),
                        PullTable.of(result));
    }

    private PrintWriter writer(boolean result) {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("call() must be made by picocli");
        }
        CommandLine line = known.commandLine();
        return result ? line.getOut() : line.getErr();
    }
}
