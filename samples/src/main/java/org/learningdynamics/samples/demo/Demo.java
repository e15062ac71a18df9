package org.learningdynamics.samples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.Generator;
import org.learningdynamics.lm.Sampling;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.probe.ResponseKind;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.train.LearningRateDecay;
import org.learningdynamics.train.Progress;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingResult;
import org.learningdynamics.train.TrainingRun;

/** Pre-training, SFT and extended SFT, DPO from each; every stage recorded, claims tested. */
public final class Demo {
    private static final int MAX_VOCABULARY = 4000;
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PROMPT_LENGTH = 32;
    private static final int MAX_ANSWER_TOKENS = 24;
    private static final String INFLUENCE_STAGE = "dpo";
    private static final int INFLUENCE_PROBES = 16;
    private static final int WARM_UP_UPDATES = 20;

    /** A text's tokens with its end fill rows of 32 inputs. */
    private static final int PACKED_TOKENS = 31;

    private static final List<String> STAGES =
            List.of("pretrain", "sft", "dpo", "sft-extended", "dpo-extended");

    private final DemoSettings settings;
    private final DemoData data;
    private final Path folder;
    private final Progress progress;
    private final WordTokenizer tokenizer;
    private final SequenceEncoder encoder;

    /**
     * Prepares a demo.
     *
     * @param settings size and recipe
     * @param data what is learnt and watched
     * @param folder gets run files and report; files of an earlier demo are replaced
     * @param progress shown while training
     */
    public Demo(DemoSettings settings, DemoData data, Path folder, Progress progress) {
        this.settings = settings;
        this.data = data;
        this.folder = folder;
        this.progress = progress;
        tokenizer = WordTokenizer.train(corpus(data), MAX_VOCABULARY);
        encoder =
                new SequenceEncoder(
                        tokenizer, new Truncation(MAX_LENGTH, MAX_PROMPT_LENGTH, KeepPrompt.END));
    }

    /**
     * Runs every stage.
     *
     * @return what was recorded and what it says
     * @throws IOException if the folder cannot be written
     */
    public DemoResult run() throws IOException {
        Files.createDirectories(folder);
        for (String stage : STAGES) {
            Files.deleteIfExists(file(stage));
        }
        try (DecoderModel base = DecoderModel.create(config())) {
            TrainingData texts = TrainingData.texts(packed(data.texts()), encoder);
            train(
                    base,
                    "pretrain",
                    TrainingMethod.PRETRAIN,
                    settings.pretrain(),
                    texts,
                    data.probes());
            ProbeSet watched = data.probes().withKind(ResponseKind.CHOSEN_INITIAL, initial(base));
            // Two models of their own, so the branches may share the processors.
            CompletableFuture<Branch> extended =
                    CompletableFuture.supplyAsync(
                            () -> branch(base, "-extended", TrainingMethod.SFT_EXTENDED, watched));
            Branch plain = branch(base, "", TrainingMethod.SFT_SUM, watched);
            return result(plain, extended.join());
        }
    }

    /** Joins lines to texts that fill the rows of a batch; padding costs as much as text. */
    private List<String> packed(List<String> lines) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int length = 0;
        for (String line : lines) {
            int tokens = tokenizer.encode(line).length;
            if (length > 0 && length + tokens > PACKED_TOKENS) {
                texts.add(text.toString());
                text.setLength(0);
                length = 0;
            }
            text.append(length == 0 ? "" : " ").append(line);
            length += tokens;
        }
        texts.add(text.toString());
        return texts;
    }

    /** One way from the pre-trained model to the final answers. */
    private record Branch(double firstDpoLoss, List<String> answers) {}

    private Branch branch(
            DecoderModel base, String suffix, TrainingMethod method, ProbeSet watched) {
        try (DecoderModel model = base.copy()) {
            train(model, "sft" + suffix, method, settings.sft(), preferences(method), watched);
            TrainingResult dpo =
                    train(
                            model,
                            "dpo" + suffix,
                            TrainingMethod.DPO,
                            settings.dpo(),
                            preferences(TrainingMethod.DPO),
                            watched);
            return new Branch(dpo.firstLoss(), answers(model, heldOutPrompts()));
        }
    }

    private TrainingResult train(
            DecoderModel model,
            String name,
            TrainingMethod method,
            DemoSettings.Stage stage,
            TrainingData examples,
            ProbeSet watched) {
        Schedule schedule =
                Schedule.every(Math.max(1, stage.updates() / settings.recordings())).withFinal();
        TrainingOptions options =
                TrainingOptions.builder(method)
                        .updates(stage.updates())
                        .batchSize(stage.batch())
                        .learningRate(stage.learningRate())
                        .warmupUpdates(Math.min(WARM_UP_UPDATES, stage.updates() - 1))
                        .decay(
                                method == TrainingMethod.PRETRAIN
                                        ? LearningRateDecay.COSINE
                                        : LearningRateDecay.CONSTANT)
                        .beta(settings.beta())
                        .seed(settings.seed())
                        .build();
        return TrainingRun.builder(model, examples, options)
                .name(name)
                .recording(recording(name, watched, schedule))
                .progress(progress)
                .build()
                .run();
    }

    /** Who moved whom is measured in one stage, on a few probes: see the report. */
    private RunRecording recording(String name, ProbeSet watched, Schedule schedule) {
        RunRecording plain = RunRecording.of(file(name), watched, schedule);
        return !name.equals(INFLUENCE_STAGE)
                ? plain
                : plain.withInfluence(
                        InfluenceOptions.defaults()
                                .withResponses(
                                        new ResponseSelection(
                                                INFLUENCE_PROBES, List.of("chosen", "rejected"))));
    }

    private Path file(String stage) {
        return folder.resolve(stage + ".ldyn");
    }

    private TrainingData preferences(TrainingMethod method) {
        return TrainingData.preferences(method, data.pairs(), encoder);
    }

    /** What the model answers to the probes before it is tuned. */
    private List<String> initial(DecoderModel base) {
        return answers(base, data.probes().probes().stream().map(Probe::prompt).toList());
    }

    private List<String> heldOutPrompts() {
        return heldOut().stream().map(PreferenceExample::prompt).toList();
    }

    private List<String> answers(DecoderModel model, List<String> questions) {
        List<int[]> prompts = questions.stream().map(encoder::encodePrompt).toList();
        Generator generator = new Generator(model, tokenizer.endOfSequenceId());
        return generator.generate(prompts, MAX_ANSWER_TOKENS, Sampling.greedy()).stream()
                .map(tokenizer::decode)
                .toList();
    }

    private DemoResult result(Branch plain, Branch extended) throws IOException {
        Path report = folder.resolve("report.html");
        List<Path> runs = STAGES.stream().map(this::file).toList();
        Report.write(runs, report, ReportOptions.DEFAULT.title("Squeezing under DPO: the demo"));
        List<RecordedRun> recorded = Report.load(runs);
        Claims claims =
                new Claims(
                        recorded.get(1).likelihoods(),
                        recorded.get(2).likelihoods(),
                        recorded.get(4).likelihoods(),
                        new double[] {plain.firstDpoLoss(), extended.firstDpoLoss()},
                        wins(plain.answers(), extended.answers()));
        return new DemoResult(recorded, claims.check(), report);
    }

    private double[] wins(List<String> plain, List<String> extended) {
        double[] wins = new double[plain.size()];
        for (int i = 0; i < wins.length; i++) {
            String prompt = heldOut().get(i).prompt();
            int better = data.judge().compare(prompt, extended.get(i), plain.get(i));
            wins[i] = (Integer.signum(better) + 1) / 2.0;
        }
        return wins;
    }

    private List<PreferenceExample> heldOut() {
        return data.heldOut().subList(0, Math.min(settings.heldOut(), data.heldOut().size()));
    }

    private DecoderConfig config() {
        return DecoderConfig.builder(tokenizer.vocabularySize())
                .width(settings.width())
                .layers(settings.layers())
                .maxLength(MAX_LENGTH)
                .seed(settings.seed())
                .build();
    }

    private static List<String> corpus(DemoData data) {
        Stream<String> pairs =
                Stream.concat(data.pairs().stream(), data.heldOut().stream())
                        .flatMap(pair -> Stream.of(pair.prompt(), pair.chosen(), pair.rejected()));
        Stream<String> probes =
                data.probes().probes().stream().flatMap(p -> p.responses().values().stream());
        return Stream.of(data.texts().stream(), pairs, probes).flatMap(s -> s).toList();
    }
}
