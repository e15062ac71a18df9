package org.learningdynamics.samples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Examples;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.ResponsesExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.listener.SameDiffDynamicsListener;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.listener.TokenProbes;
import org.learningdynamics.probe.EncodedProbes;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.RunHeader;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.TextTable;
import org.learningdynamics.spark.SparkCluster;
import org.learningdynamics.spark.SparkProbing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dynamics probe}: what a saved model thinks of watched answers, without training it. */
@Command(
        name = "probe",
        description = "Measures the answers of a probe file under a saved model, once.",
        mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "The folder \"model\" that train left, or a checkpoint with config.json.")
    private Path folder = Path.of("");

    @Option(
            names = "--probes",
            required = true,
            paramLabel = "FILE",
            description = "Probes, JSON Lines: a prompt and any named responses.")
    private Path file = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The run file.")
    private Path out = Path.of("");

    @Option(
            names = "--probe-count",
            paramLabel = "N",
            description = "Measure the first N probes only.")
    private @Nullable Integer probeCount;

    @Option(
            names = "--max-prompt-length",
            paramLabel = "N",
            description = "Longest prompt, tokens (default: half of what the model takes).")
    private @Nullable Integer maxPromptLength;

    @Option(
            names = "--tokens",
            defaultValue = "none",
            description = "Single tokens: ${COMPLETION-CANDIDATES} (default: none).")
    private TokenDetail tokens = TokenDetail.NONE;

    @Mixin private SparkOptions spark = new SparkOptions();

    @Option(
            names = "--tables",
            paramLabel = "DIR",
            description =
                    "With --spark: where it writes tables as Parquet, such as hdfs:///probed; new,"
                            + " or one to go on with. The run file is made of them.")
    private @Nullable String tables;

    ProbeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        spark.requirePresent();
        if (Files.exists(out)) {
            throw new DataException(out + ": exists already; give a new file");
        }
        if (spark.isGiven()) {
            measureOnSpark();
        } else {
            measureHere();
        }
        console.out().print(TextTable.of(Report.load(List.of(out))));
        console.out().println("run file: " + out.toAbsolutePath());
        return ExitCode.OK;
    }

    private void measureOnSpark() {
        if (probeCount != null || tokens != TokenDetail.NONE) {
            throw new IllegalArgumentException(
                    "--probe-count and --tokens must be left out with --spark");
        }
        int longest = SparkProbing.longestRow(folder);
        int longestPrompt = maxPromptLength == null ? longest / 2 : maxPromptLength;
        String where = spark.requireTables(tables);
        try (SparkCluster cluster = spark.connect("probe " + file)) {
            cluster.probing(file.toUri().toString(), folder)
                    .truncation(new Truncation(longest, longestPrompt, KeepPrompt.END))
                    .build()
                    .run(where)
                    .toRunFile(out);
        }
    }

    private void measureHere() {
        ModelFolder opened = ModelFolder.load(folder);
        Examples<ResponsesExample> read =
                DataOptions.reader(BadLines.FAIL, ModelFolder.chatTemplate(folder))
                        .responses(TextSource.file(file));
        ProbeSet all = ProbeSet.of(file.getFileName().toString(), read);
        ProbeSet probes = probeCount == null ? all : all.subset(Math.min(probeCount, all.size()));
        measure(opened, probes, read.sha256());
    }

    private void measure(ModelFolder opened, ProbeSet probes, String dataSha256) {
        int longest = opened.model().config().maxLength();
        int longestPrompt = maxPromptLength == null ? longest / 2 : maxPromptLength;
        SequenceEncoder encoder =
                new SequenceEncoder(
                        opened.tokenizer(), new Truncation(longest, longestPrompt, KeepPrompt.END));
        RunHeader header =
                RunHeader.builder("probe", Instant.now())
                        .stage("probe")
                        .dataSha256(dataSha256)
                        .entry("model_sha256", ModelFolder.sha256(folder))
                        .build();
        TokenProbes watched =
                TokenProbes.builder(
                                EncodedProbes.encode(probes, encoder),
                                opened.tokenizer().paddingId())
                        .texts(probes.probes())
                        .setName(probes.name())
                        .build();
        try (SameDiffDynamicsListener listener =
                SameDiffDynamicsListener.builder(opened.model().graph())
                        .probes(watched)
                        .packed(opened.model().packedView())
                        .tokens(tokens)
                        .recordTo(out, header)
                        .build()) {
            listener.recordNow();
        }
    }
}
