package org.learningdynamics.samples.sweeps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.learningdynamics.report.SweepReport;
import org.learningdynamics.sweep.GridSearch;
import org.learningdynamics.sweep.Limits;
import org.learningdynamics.sweep.Resources;
import org.learningdynamics.sweep.Score;
import org.learningdynamics.sweep.StoppingRules;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.SweepProgress;
import org.learningdynamics.sweep.TrainingSpace;
import org.learningdynamics.sweep.record.ResultRow;
import org.learningdynamics.sweep.record.SweepFile;
import org.learningdynamics.train.Progress;

/**
 * Which β, how many passes of fine-tuning before, extended or not, give the best answers without
 * squeezing? A grid over all three on the bundled facts.
 */
public final class RecipeSweep {
    private static final Score WINS = Score.ORACLE_WIN_RATE;
    private static final Score SQUEEZED = Score.SQUEEZED_SHARE;

    private RecipeSweep() {}

    /** How much is trained. */
    public enum Size {
        /** Seconds; too short to answer anything. */
        TINY,
        /** Minutes on two processors. */
        MEDIUM
    }

    /**
     * Sweeps, or goes on with it, and prints the answer.
     *
     * @param args folder; size ({@code tiny} or {@code medium}, the default); workers (default 2)
     * @throws IOException if the folder cannot be written
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Size size = args.length > 1 ? Size.valueOf(args[1].toUpperCase(Locale.ROOT)) : Size.MEDIUM;
        int workers = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        Path folder = Path.of(args[0]);
        SweepFile sweep =
                run(
                        folder,
                        size,
                        workers,
                        at -> System.err.printf("%d of %d%n", at.ended(), at.total().orElse(0)));
        answer(sweep).forEach(System.out::println);
        System.out.println("report: " + folder.resolve("report.html").toAbsolutePath());
    }

    /**
     * The configuration, as a configuration file would say it.
     *
     * @param size how much is trained
     * @param workers candidates at once
     * @return the configuration
     */
    public static SweepConfig config(Size size, int workers) {
        boolean tiny = size == Size.TINY;
        // docs/sweeps.md recipe
        Map<String, DiscreteParameterSpace<?>> space = new LinkedHashMap<>();
        space.put("beta", values(tiny ? List.of(0.1) : List.of(0.02, 0.1, 0.5)));
        space.put("sft_epochs", values(tiny ? List.of(0.05) : List.of(0.5, 1.0, 2.0)));
        space.put("extended", values(List.of(false, true)));
        Map<String, Object> fixed = new LinkedHashMap<>();
        fixed.put("steps", tiny ? 6 : 90);
        fixed.put("learning_rate", 1e-4);
        fixed.put("sft_learning_rate", 5e-4);
        // end
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("bundled", "facts");
        data.put("size", size.name().toLowerCase(Locale.ROOT));
        data.put("held_out", tiny ? 8 : 200);
        data.put("probe_count", tiny ? 4 : 32);
        if (tiny) {
            data.put("pretrain_steps", 4);
        }
        return new SweepConfig(
                "recipe",
                1,
                new GridSearch(3, GridSearch.Order.SEQUENTIAL),
                new TrainingSpace(space, fixed),
                List.of(WINS, SQUEEZED, Score.SQUEEZING_INDEX, Score.PREFERENCE_ACCURACY),
                StoppingRules.NONE,
                new Limits(Optional.empty(), Optional.empty(), Limits.DEFAULT_ROUND),
                new Resources(workers, Long.MAX_VALUE),
                new SweepConfig.Recording(tiny ? 2 : 9, false),
                data);
    }

    private static DiscreteParameterSpace<Object> values(List<?> values) {
        return new DiscreteParameterSpace<Object>(new ArrayList<Object>(values));
    }

    /**
     * Sweeps, or goes on with it, and writes {@code report.html}.
     *
     * @param folder gets everything
     * @param size how much is trained
     * @param workers candidates at once
     * @param progress told after every candidate
     * @return what was found
     * @throws IOException if the folder cannot be written
     * @throws InterruptedException if it is interrupted
     */
    public static SweepFile run(
            Path folder, Size size, int workers, Consumer<SweepProgress> progress)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        SweepConfig config = config(size, workers);
        try (SweepProblem problem = SweepProblem.open(config, folder, folder, Progress.silent())) {
            SweepFile sweep =
                    config.sweep(problem.trainer(), folder).progress(progress).build().run();
            SweepReport.write(folder, folder.resolve("report.html"));
            return sweep;
        }
    }

    /**
     * The answer, with its numbers.
     *
     * @param sweep what was found
     * @return lines
     */
    public static List<String> answer(SweepFile sweep) {
        List<String> lines = new ArrayList<>();
        List<ResultRow> ranked = sweep.ranked();
        ranked.stream()
                .filter(row -> row.score(SQUEEZED.label()) == 0)
                .findFirst()
                .ifPresentOrElse(
                        row -> lines.add("best without squeezing: " + line(sweep, row)),
                        () -> lines.add("every candidate was squeezed"));
        ranked.stream().findFirst().ifPresent(row -> lines.add("best at all: " + line(sweep, row)));
        for (String name : sweep.header().parameters()) {
            lines.add(byValue(sweep, name));
        }
        return lines;
    }

    private static String line(SweepFile sweep, ResultRow row) {
        return String.format(
                Locale.ROOT,
                "%s wins %.1f %%, squeezed %.0f %% of recordings, index %.2f nats",
                sweep.parameters(row.index()),
                100 * row.score(WINS.label()),
                100 * row.score(SQUEEZED.label()),
                row.score(Score.SQUEEZING_INDEX.label()));
    }

    /** Means over all candidates with a value. */
    private static String byValue(SweepFile sweep, String name) {
        Map<String, double[]> sums = new TreeMap<>();
        for (ResultRow row : sweep.ranked()) {
            String value = String.valueOf(sweep.parameters(row.index()).get(name));
            double[] sum = sums.computeIfAbsent(value, key -> new double[3]);
            sum[0] += row.score(WINS.label());
            sum[1] += row.score(SQUEEZED.label());
            sum[2]++;
        }
        StringBuilder line = new StringBuilder("means by " + name + ":");
        sums.forEach(
                (value, sum) ->
                        line.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %s wins %.1f %% squeezed %.0f %%",
                                        value,
                                        100 * sum[0] / sum[2],
                                        100 * sum[1] / sum[2])));
        return line.toString();
    }
}
