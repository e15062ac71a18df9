package org.learningdynamics.samples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.listener.DistributionOptions;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.ResponseSelection;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.lm.Generator;
import org.learningdynamics.lm.Sampling;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.probe.ResponseKind;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.series.RecordedRun;
import org.learningdynamics.train.Progress;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingResult;
import org.learningdynamics.train.TrainingRun;

/** Pre-training, SFT and extended SFT, DPO from each; every stage recorded, claims tested. */
public final class Demo {
    private static final String INFLUENCE_STAGE = "dpo";
    private static final int INFLUENCE_PROBES = 16;

    private static final List<String> STAGES =
            List.of("pretrain", "sft", "dpo", "sft-extended", "dpo-extended");

    private final DemoSettings settings;
    private final DemoData data;
    private final Path folder;
    private final Progress progress;
    private final DemoBase base;
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
        base = new DemoBase(settings, data);
        encoder = base.encoder();
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
        try (DecoderModel pretrained = base.untrained()) {
            train(
                    pretrained,
                    "pretrain",
                    TrainingMethod.PRETRAIN,
                    settings.pretrain(),
                    base.texts(),
                    data.probes());
            ProbeSet watched =
                    data.probes().withKind(ResponseKind.CHOSEN_INITIAL, initial(pretrained));
            // Two models of their own, so the branches may share the processors.
            CompletableFuture<Branch> extended =
                    CompletableFuture.supplyAsync(
                            () ->
                                    branch(
                                            pretrained,
                                            "-extended",
                                            TrainingMethod.SFT_EXTENDED,
                                            watched));
            Branch plain = branch(pretrained, "", TrainingMethod.SFT_SUM, watched);
            return result(plain, extended.join());
        }
    }

    /** One way from the pre-trained model to the final answers. */
    private record Branch(double firstDpoLoss, List<String> answers) {}

    private Branch branch(
            DecoderModel pretrained, String suffix, TrainingMethod method, ProbeSet watched) {
        try (DecoderModel model = pretrained.copy()) {
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
        TrainingOptions options = base.options(method, stage);
        return TrainingRun.builder(model, examples, options)
                .name(name)
                .recording(recording(name, watched, schedule))
                .progress(progress)
                .build()
                .run();
    }

    /** Single tokens, and on a few probes distributions and who moved whom, in one stage. */
    private RunRecording recording(String name, ProbeSet watched, Schedule schedule) {
        RunRecording plain = RunRecording.of(file(name), watched, schedule);
        return !name.equals(INFLUENCE_STAGE)
                ? plain
                : plain.withDistributions(DistributionOptions.defaults().withResponses(examined()))
                        .withInfluence(InfluenceOptions.defaults().withResponses(examined()));
    }

    private static ResponseSelection examined() {
        return new ResponseSelection(INFLUENCE_PROBES, List.of("chosen", "rejected"));
    }

    private Path file(String stage) {
        return folder.resolve(stage + ".ldyn");
    }

    private TrainingData preferences(TrainingMethod method) {
        return TrainingData.preferences(method, data.pairs(), encoder);
    }

    /** What the model answers to the probes before it is tuned. */
    private List<String> initial(DecoderModel pretrained) {
        return answers(pretrained, data.probes().probes().stream().map(Probe::prompt).toList());
    }

    private List<String> heldOutPrompts() {
        return heldOut().stream().map(PreferenceExample::prompt).toList();
    }

    private List<String> answers(DecoderModel model, List<String> questions) {
        List<int[]> prompts = questions.stream().map(encoder::encodePrompt).toList();
        Generator generator = new Generator(model, base.tokenizer().endOfSequenceId());
        return generator.generate(prompts, DemoBase.MAX_ANSWER_TOKENS, Sampling.greedy()).stream()
                .map(base.tokenizer()::decode)
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
}
