package org.learningdynamics.samples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.listener.DistributionOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.listener.TokenDetail;
import org.learningdynamics.recording.Texts;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.report.TextTable;
import org.learningdynamics.train.LearningRateDecay;
import org.learningdynamics.train.Optimizer;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dynamics train}: one or more stages on a preference file, each recorded. */
@Command(
        name = "train",
        description = "Trains a language model by one or more methods and records each.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    private static final int DEFAULT_RECORDINGS = 12;

    private final Console console;

    @SuppressWarnings("UnusedVariable") // read before parsing, by ConfigFile
    @Option(
            names = ConfigFile.OPTION,
            paramLabel = "FILE",
            description = "JSON object with options by long name; the command line wins.")
    private @Nullable Path config;

    @Mixin private DataOptions data = new DataOptions();
    @Mixin private ModelOptions model = new ModelOptions();
    @Mixin private ReferenceOptions reference = new ReferenceOptions();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Gets a run file a method, report.html and the trained model.")
    private Path out = Path.of("");

    @Option(
            names = "--method",
            split = ",",
            required = true,
            paramLabel = "NAME",
            description =
                    "Methods in order, such as sft,dpo: ${COMPLETION-CANDIDATES}. Losses may be"
                            + " composed: dpo:js, dpo+0.2*sft.",
            completionCandidates = MethodNames.class)
    private List<String> methods = List.of();

    @Option(
            names = "--steps",
            split = ",",
            paramLabel = "N",
            defaultValue = "300",
            description = "Updates, one number or one a method (default: ${DEFAULT-VALUE}).")
    private List<Integer> steps = List.of();

    @Option(
            names = "--learning-rate",
            split = ",",
            paramLabel = "RATE",
            defaultValue = "5e-4",
            description = "One number or one a method (default: ${DEFAULT-VALUE}).")
    private List<Double> learningRates = List.of();

    @ArgGroup(exclusive = false, validate = false)
    private Tuning tuning = new Tuning();

    @Option(
            names = "--schedule",
            converter = Schedules.class,
            paramLabel = "WHEN",
            description =
                    "When to record: " + Schedules.SYNTAX + " (default: 12 times evenly spaced).")
    private @Nullable Schedule schedule;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description =
                    "Save the model at the start of each method and after every N updates, in a"
                            + " folder beside its run file (default: not).")
    private @Nullable Integer checkpointEvery;

    @Option(
            names = "--texts",
            defaultValue = "full",
            description = "Texts in run files: ${COMPLETION-CANDIDATES} (default: full).")
    private Texts texts = Texts.FULL;

    @Option(
            names = "--tokens",
            defaultValue = "none",
            description = "Single tokens: ${COMPLETION-CANDIDATES} (default: none).")
    private TokenDetail tokens = TokenDetail.NONE;

    @Option(
            names = "--distributions",
            paramLabel = "N",
            description =
                    "The N likeliest tokens at the first 8 positions of all responses of the first"
                            + " 16 probes, and single tokens with them (default: none).")
    private @Nullable Integer distributions;

    @Mixin private InfluenceSettings influence = new InfluenceSettings();
    @Mixin private UpdateSettings update = new UpdateSettings();
    @Mixin private ResumeSettings resume = new ResumeSettings();
    @Mixin private StopSettings stop = new StopSettings();
    private boolean stopped;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides initial weights and order (default: ${DEFAULT-VALUE}).")
    private long seed;

    TrainCommand(Console console) {
        this.console = console;
    }

    /** What a stage's update is made of. */
    static final class Tuning {
        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "16",
                description = "Examples or pairs an update (default: ${DEFAULT-VALUE}).")
        private int batch = TrainingOptions.DEFAULT_BATCH_SIZE;

        @Option(
                names = "--optimizer",
                defaultValue = "adam",
                description =
                        "${COMPLETION-CANDIDATES} (default: adam); adamw and torch_rmsprop take"
                                + " PyTorch's steps, the paper's is torch_rmsprop.")
        private Optimizer optimizer = Optimizer.ADAM;

        @Option(
                names = "--warm-up",
                paramLabel = "N",
                defaultValue = "0",
                description = "Updates until the full rate (default: ${DEFAULT-VALUE}).")
        private int warmUp;

        @Option(
                names = "--decay",
                defaultValue = "constant",
                description = "Rate afterwards: ${COMPLETION-CANDIDATES} (default: constant).")
        private LearningRateDecay decay = LearningRateDecay.CONSTANT;

        @Option(
                names = "--beta",
                paramLabel = "B",
                description =
                        "β of the losses that have one (default: each loss's own, 0.1 for most).")
        private @Nullable Double beta;

        @Option(
                names = "--label-smoothing",
                paramLabel = "E",
                description =
                        "Share of flipped labels, for the losses that assume one (default: each"
                                + " loss's own, 0.1 for cdpo).")
        private @Nullable Double labelSmoothing;

        @Option(
                names = "--loss-parameter",
                paramLabel = "NAME=VALUE",
                description =
                        "A parameter of the losses that have it, such as gamma=0.5 (repeatable);"
                                + " docs/losses.md names them.")
        private Map<String, Double> lossParameters = new LinkedHashMap<>();
    }

    @Override
    public Integer call() throws Exception {
        List<TrainingOptions> stages = stages();
        stop.check();
        DataOptions.Loaded loaded = data.load(seed, console, model.chatTemplate());
        ModelFolder opened = model.open(loaded.pairs(), data.truncation().maxLength(), seed);
        reference.check(opened.model());
        SequenceEncoder encoder = new SequenceEncoder(opened.tokenizer(), data.truncation());
        console.say(
                String.format(
                        Locale.ROOT,
                        "%d preferences, %d probes with %d responses, %,d trained parameters",
                        loaded.pairs().size(),
                        loaded.probes().size(),
                        loaded.probes().responses(),
                        opened.model().parameterCount()));
        Files.createDirectories(out);
        List<Path> runs = new ArrayList<>();
        for (TrainingOptions stage : stages) {
            if (stopped) {
                console.say(stage.method().label() + ": not trained");
                continue;
            }
            Path file = out.resolve(runs.size() + 1 + "-" + stage.method().label() + ".ldyn");
            opened = run(stage, opened, loaded, encoder, file);
            runs.add(file);
        }
        opened.save(out.resolve("model"));
        Path report = out.resolve("report.html");
        Report.write(runs, report, ReportOptions.DEFAULT);
        console.out().print(TextTable.of(Report.load(runs)));
        console.out().println("report: " + report.toAbsolutePath());
        return ExitCode.OK;
    }

    private ModelFolder run(
            TrainingOptions stage,
            ModelFolder opened,
            DataOptions.Loaded loaded,
            SequenceEncoder encoder,
            Path file)
            throws IOException {
        String name = stage.method().label();
        if (resume.isDone(file)) {
            console.say(name + ": done already");
            opened.model().close();
            return new ModelFolder(resume.trained(file), opened.tokenizer(), opened.checkpoint());
        }
        if (!resume.isResuming() && Files.exists(file)) {
            throw new DataException(file + ": exists already; give --out a new folder");
        }
        Schedule when =
                schedule != null
                        ? schedule
                        : Schedule.every(Math.max(1, stage.updates() / DEFAULT_RECORDINGS))
                                .withFinal();
        TrainingRun.Builder run =
                TrainingRun.builder(
                                opened.model(),
                                TrainingData.preferences(stage.method(), loaded.pairs(), encoder),
                                stage)
                        .name(name)
                        .recording(
                                influence.on(
                                        spread(
                                                RunRecording.of(file, loaded.probes(), when)
                                                        .withTexts(texts)
                                                        .withTokens(tokens))))
                        .progress(console::show);
        if (checkpointEvery != null) {
            Path folder = Path.of(file.toString().replaceFirst("\\.ldyn$", "-checkpoints"));
            run.checkpoints(Files.createDirectories(folder), checkpointEvery);
            opened.saveTokenizer(folder);
        }
        reference.on(run, opened.model(), stage);
        resume.on(run, stage, file);
        stop.on(run);
        stopped = stop.ended(name, run.build().run(), console);
        resume.ended(opened.model(), file);
        return opened;
    }

    private RunRecording spread(RunRecording plain) {
        return distributions == null
                ? plain
                : plain.withDistributions(DistributionOptions.defaults().withCount(distributions));
    }

    private List<TrainingOptions> stages() {
        List<TrainingOptions> stages = new ArrayList<>();
        Set<String> unused = new LinkedHashSet<>(tuning.lossParameters.keySet());
        for (int i = 0; i < methods.size(); i++) {
            TrainingOptions.Builder stage =
                    TrainingOptions.builder(methods.get(i))
                            .updates(of(steps, i, "steps"))
                            .learningRate(of(learningRates, i, "learning-rate"))
                            .batchSize(tuning.batch)
                            .optimizer(tuning.optimizer)
                            .warmupUpdates(tuning.warmUp)
                            .decay(tuning.decay)
                            .seed(seed);
            update.on(stage);
            unused.removeAll(parameters(stage));
            stages.add(stage.build());
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    "loss-parameter must be one of a loss of " + methods + ", got " + unused);
        }
        return stages;
    }

    /** Hands a stage what is for its loss; tells which of the named parameters are. */
    private Set<String> parameters(TrainingOptions.Builder stage) {
        if (tuning.beta != null) {
            stage.beta(tuning.beta);
        }
        if (tuning.labelSmoothing != null) {
            stage.labelSmoothing(tuning.labelSmoothing);
        }
        Set<String> known = stage.build().loss().parameters().keySet();
        Set<String> used = new LinkedHashSet<>();
        tuning.lossParameters.forEach(
                (name, value) -> {
                    if (known.contains(name)) {
                        stage.lossParameter(name, value);
                        used.add(name);
                    }
                });
        return used;
    }

    /** Names for the help. */
    static final class MethodNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(TrainingMethod.values()).map(TrainingMethod::label).iterator();
        }
    }

    private <T> T of(List<T> values, int stage, String option) {
        if (values.size() != 1 && values.size() != methods.size()) {
            throw new IllegalArgumentException(
                    option
                            + " must have one value or one a method ("
                            + methods.size()
                            + "), got "
                            + values.size());
        }
        return values.size() == 1 ? values.get(0) : values.get(stage);
    }
}
