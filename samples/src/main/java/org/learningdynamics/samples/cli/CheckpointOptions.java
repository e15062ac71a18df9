package org.learningdynamics.samples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.influence.InfluenceForm;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.spark.SparkCluster;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.CheckpointInfluence;
import org.learningdynamics.train.CheckpointInfluenceOptions;
import org.learningdynamics.train.InfluenceProgress;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingOptions;
import picocli.CommandLine.Option;

/** Scores all training examples against checkpoints before the ranking is printed. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoints",
            required = true,
            paramLabel = "DIR",
            description =
                    "Score every example against the checkpoints that \"train --checkpoint-every\""
                            + " left here, into RUN: a new file, or one to go on with.")
    private Path checkpoints = Path.of("");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "What was learnt: preferences, JSON Lines.")
    private Path data = Path.of("");

    @Option(
            names = "--probes",
            required = true,
            paramLabel = "FILE",
            description = "Probes, JSON Lines: a prompt and any named responses.")
    private Path probes = Path.of("");

    @Option(
            names = "--method",
            required = true,
            paramLabel = "NAME",
            description = "What was trained by, such as sft or dpo.")
    private String method = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The first N preferences alone were learnt.")
    private @Nullable Integer limit;

    @Option(
            names = "--bad-lines",
            defaultValue = "fail",
            description = "A line that cannot be read: ${COMPLETION-CANDIDATES} (default: fail).")
    private BadLines badLines = BadLines.FAIL;

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Reference model (default: the checkpoint before the first update).")
    private @Nullable Path reference;

    @Option(
            names = "--loss-parameter",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the loss, such as beta=0.2 (repeatable).")
    private Map<String, Double> lossParameters = new LinkedHashMap<>();

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "512",
            description = "Longest sequence, tokens, as trained (default: ${DEFAULT-VALUE}).")
    private int maxLength;

    @Option(
            names = "--max-prompt-length",
            paramLabel = "N",
            defaultValue = "256",
            description = "Longest prompt, tokens, as trained (default: ${DEFAULT-VALUE}).")
    private int maxPromptLength;

    @Option(
            names = "--keep-prompt",
            defaultValue = "end",
            description = "What stays of a truncated prompt: ${COMPLETION-CANDIDATES}.")
    private KeepPrompt keepPrompt = KeepPrompt.END;

    @Option(names = "--cosine", description = "Divide inner products by both gradients' norms.")
    private boolean cosine;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "L",
            description = "Some layer groups alone, such as block0/attention (default: all).")
    private List<String> layers = List.of();

    @Option(
            names = "--project",
            paramLabel = "K",
            description = "Project gradients at random to K numbers (default: exact).")
    private @Nullable Integer dimension;

    @Option(
            names = "--projection",
            defaultValue = "sparse_signs",
            description = "How: ${COMPLETION-CANDIDATES} (default: sparse_signs).")
    private GradientProjection.Kind projection = GradientProjection.Kind.SPARSE_SIGNS;

    @Option(
            names = "--projection-seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides the projection (default: ${DEFAULT-VALUE}).")
    private long projectionSeed;

    @Option(
            names = "--block",
            paramLabel = "N",
            defaultValue = "16",
            description = "Examples at a time (default: ${DEFAULT-VALUE}).")
    private int block;

    @Option(
            names = "--memory-mib",
            paramLabel = "N",
            defaultValue = "256",
            description = "For gradients of probes, and again for others (default: 256).")
    private long memoryMib;

    @Option(
            names = "--tables",
            paramLabel = "DIR",
            description =
                    "With --spark: where it writes projected gradients and sums as Parquet; new, or"
                            + " one to go on with. RUN, a new file, is made of them.")
    private @Nullable String tables;

    /** Does what is left of the job; the observed kind must be one of the probes'. */
    void score(Path run, String kind, SparkOptions spark, Console console) {
        TrainingOptions.Builder training = TrainingOptions.builder(method);
        lossParameters.forEach(training::lossParameter);
        TrainingOptions options = training.build();
        JsonLines reader = DataOptions.reader(badLines, ModelFolder.chatTemplate(checkpoints));
        ProbeSet watched = DataOptions.probes(probes, reader, console);
        requireKind(watched, kind);
        SequenceEncoder encoder =
                new SequenceEncoder(
                        ModelFolder.tokenizer(checkpoints),
                        new Truncation(maxLength, maxPromptLength, keepPrompt));
        List<PreferenceExample> pairs = DataOptions.preferences(data, reader, limit, console);
        CheckpointInfluence.Builder job =
                CheckpointInfluence.builder(
                                Checkpoint.in(checkpoints),
                                TrainingData.preferences(options.method(), pairs, encoder),
                                options,
                                watched)
                        .options(influence())
                        .progress(at -> show(at, console));
        if (reference != null) {
            job.reference(reference);
        }
        if (spark.isGiven()) {
            scoreOnSpark(job.build(), run, spark);
        } else {
            job.build().run(run);
        }
    }

    private void scoreOnSpark(CheckpointInfluence job, Path run, SparkOptions spark) {
        if (dimension == null) {
            throw new IllegalArgumentException("--project must be given with --spark, got none");
        }
        if (Files.exists(run)) {
            throw new DataException(run + ": exists already; give a new file with --spark");
        }
        String where = spark.requireTables(tables);
        try (SparkCluster cluster = spark.connect("influence " + run)) {
            cluster.influence(job).run(where).toRunFile(run);
        }
    }

    private static void requireKind(ProbeSet watched, String kind) {
        List<String> kinds =
                watched.probes().stream()
                        .flatMap(probe -> probe.responses().keySet().stream())
                        .distinct()
                        .toList();
        if (!kinds.contains(kind)) {
            throw new IllegalArgumentException("kind must be one of " + kinds + ", got " + kind);
        }
    }

    private CheckpointInfluenceOptions influence() {
        CheckpointInfluenceOptions options =
                CheckpointInfluenceOptions.defaults()
                        .withForm(cosine ? InfluenceForm.COSINE : InfluenceForm.DOT)
                        .withLayers(layers)
                        .withBlocks(block, CheckpointInfluenceOptions.DEFAULT_BLOCK_PROBES)
                        .withMemoryBytes(memoryMib << 20);
        return dimension == null
                ? options
                : options.withProjection(
                        new GradientProjection(projection, dimension, projectionSeed));
    }

    private static void show(InfluenceProgress at, Console console) {
        String detail =
                String.format(
                        Locale.ROOT,
                        "checkpoint %d  %.1f s",
                        at.checkpoint().iteration(),
                        at.elapsed().toMillis() / 1000.0);
        console.progress("blocks of examples", at.blocksDone(), at.blocks(), detail);
    }
}
