package org.learningdynamics.samples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.InfluenceBlock;
import org.learningdynamics.recording.InteractionReader;
import org.learningdynamics.recording.RowFilter;
import org.learningdynamics.recording.RunFileException;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionOrder;
import org.learningdynamics.series.AttributionQuery;
import org.learningdynamics.series.Coverage;
import org.learningdynamics.series.Trust;
import org.learningdynamics.series.TrustSeries;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dynamics influence}: which training examples moved a watched answer, and how far. */
@Command(
        name = "influence",
        description =
                "Ranks the training examples of a run by what they did to a watched answer: those"
                        + " that raised its log-probability, and those that lowered it.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class InfluenceCommand implements Callable<Integer> {
    private static final String EVERY_PROBE = "all";

    private final Console console;

    @Parameters(paramLabel = "RUN", description = "The run file (*.ldyn).")
    private Path run = Path.of("");

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            description = "The watched answer: a response kind, such as chosen.")
    private String kind = "";

    @Option(
            names = "--probe",
            defaultValue = EVERY_PROBE,
            paramLabel = "ID|all",
            description = "The probe, or all for the mean over probes (default: all).")
    private String probe = EVERY_PROBE;

    @Option(
            names = "--top",
            defaultValue = "10",
            paramLabel = "K",
            description = "How many examples to show each way (default: 10).")
    private int top = 10;

    @Option(
            names = "--by",
            defaultValue = "occurrence",
            description =
                    "Rank by influence a recorded batch that the example was in, or added up:"
                            + " ${COMPLETION-CANDIDATES} (default: occurrence).")
    private AttributionOrder order = AttributionOrder.OCCURRENCE;

    @Option(
            names = "--layer",
            defaultValue = InfluenceBlock.ALL_LAYERS,
            paramLabel = "L",
            description = "One layer group alone (default: all together).")
    private String layer = InfluenceBlock.ALL_LAYERS;

    @Option(
            names = "--part",
            defaultValue = InfluenceBlock.WHOLE,
            paramLabel = "chosen|rejected",
            description = "What one answer of the learnt pairs did (default: whole examples).")
    private String part = InfluenceBlock.WHOLE;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES} (default: text).")
    private Format format = Format.TEXT;

    @ArgGroup(
            exclusive = false,
            multiplicity = "0..1",
            heading = "Every example, not only those of recorded batches:%n")
    private @Nullable CheckpointOptions job;

    @Mixin private SparkOptions spark = new SparkOptions();

    InfluenceCommand(Console console) {
        this.console = console;
    }

    /** How the ranking is printed. */
    enum Format {
        TEXT,
        CSV
    }

    @Override
    public Integer call() {
        if (top < 1) {
            throw new IllegalArgumentException("top must be >= 1, got " + top);
        }
        spark.requirePresent();
        if (spark.isGiven() && job == null) {
            throw new IllegalArgumentException("--spark must come with --checkpoints");
        }
        if (job != null) {
            job.score(run, kind, spark, console);
        }
        RunFileReader file = RunFileReader.open(run);
        AttributionQuery query = query(file);
        if (Attribution.isStored(file)) {
            Attribution stored = Attribution.stored(file, query);
            print(file, stored, StoredCoverage.of(file, stored));
            return ExitCode.OK;
        }
        requireInfluences(file);
        Attribution attribution = Attribution.of(file, query);
        print(
                file,
                attribution,
                coverage(attribution) + "\n" + trust(TrustSeries.of(file, RowFilter.ALL)));
        return ExitCode.OK;
    }

    private void print(RunFileReader file, Attribution attribution, String summary) {
        InfluenceTable table = InfluenceTable.of(file, attribution, order, top);
        if (format == Format.CSV) {
            console.say(summary);
            console.out().print(table.csv());
        } else {
            console.out().println(summary);
            console.out().print(table.text());
        }
    }

    private AttributionQuery query(RunFileReader file) {
        AttributionQuery query = AttributionQuery.ofKind(kind).layer(layer).part(part);
        if (!file.kinds().contains(kind)) {
            throw new IllegalArgumentException(
                    "kind must be one of " + file.kinds() + ", got " + kind);
        }
        if (probe.equals(EVERY_PROBE)) {
            return query;
        }
        int id = probeId();
        if (file.responses().stream().noneMatch(r -> r.probe() == id && r.kind().equals(kind))) {
            throw new IllegalArgumentException(
                    "probe must be a probe of the run with kind " + kind + ", got " + id);
        }
        return query.probe(id);
    }

    private int probeId() {
        try {
            return Integer.parseInt(probe);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "probe must be \"all\" or a probe's id, got " + probe, e);
        }
    }

    private void requireInfluences(RunFileReader file) {
        InteractionReader interactions = file.interactions();
        List<String> layers = interactions.layers();
        if (layers.isEmpty()) {
            throw new RunFileException(
                    file.path(),
                    "holds no influences; train again with --influence, or with a listener that is"
                            + " built with influence(InfluenceOptions)");
        }
        requireOneOf("layer", layers, layer);
        requireOneOf("part", interactions.parts(), part);
    }

    private static void requireOneOf(String name, List<String> recorded, String value) {
        if (!recorded.contains(value)) {
            Set<String> named = new TreeSet<>(recorded);
            named.remove("");
            throw new IllegalArgumentException(
                    name
                            + " must be one that the run recorded, "
                            + named
                            + (recorded.contains("") ? ", or be left out" : "")
                            + ", got \""
                            + value
                            + "\"");
        }
    }

    private static String coverage(Attribution attribution) {
        Coverage coverage = attribution.coverage();
        return String.format(
                Locale.ROOT,
                "%s, %d responses; %s; %d of %d updates recorded (%.1f %%), %d examples seen, %d"
                        + " known",
                attribution.query(),
                attribution.responses().size(),
                attribution.form().map(InfluenceTable::unit).orElse(""),
                coverage.recordings(),
                coverage.updates(),
                100 * coverage.ofUpdates(),
                coverage.examplesSeen(),
                coverage.examplesKnown());
    }

    private static String trust(TrustSeries trust) {
        if (trust.steps().isEmpty()) {
            return "trust unknown: the run holds no predicted and actual changes";
        }
        return String.format(
                Locale.ROOT,
                "predicted against actual changes over %d recordings: median Spearman %.3f, slope"
                        + " %.3f, R2 %.3f, remainder %.3f",
                trust.steps().size(),
                trust.median(Trust::spearman),
                trust.median(Trust::slope),
                trust.median(Trust::rSquared),
                trust.median(Trust::remainder));
    }
}
