package org.learningdynamics.samples.sweeps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.Sha256;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.samples.demo.DemoBase;
import org.learningdynamics.samples.demo.DemoData;
import org.learningdynamics.samples.demo.DemoSettings;
import org.learningdynamics.samples.demo.FactsDemo;
import org.learningdynamics.sweep.ModelSource;
import org.learningdynamics.sweep.Oracle;
import org.learningdynamics.sweep.PreferenceTrainer;
import org.learningdynamics.sweep.SweepConfig;
import org.learningdynamics.sweep.SweepConfigException;
import org.learningdynamics.train.Progress;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingRun;

/**
 * The bundled facts. Every candidate goes on from one pre-trained model; the oracle compares its
 * answers to held-out prompts with those of the demo's own recipe, SFT and then DPO. Both are
 * prepared once and kept in the sweep's folder under {@code base}.
 */
final class FactsProblem {
    private static final Set<String> KEYS =
            Set.of("bundled", "size", "held_out", "probe_count", "pretrain_steps");
    private static final String FACTS = "facts";
    private static final String FOLDER = "base";
    private static final String MODEL = "model.safetensors";
    private static final String BASELINE = "baseline.txt";

    /** Which of the demo's settings; MEDIUM is a narrower model, pre-trained for less long. */
    enum Size {
        TINY,
        MEDIUM,
        FULL
    }

    private final DemoSettings settings;
    private final DemoData data;
    private final DemoBase base;
    private final Path folder;
    private final Progress progress;

    private FactsProblem(DemoSettings settings, Path folder, Progress progress) {
        this.settings = settings;
        this.folder = folder;
        this.progress = progress;
        data = FactsDemo.load(settings);
        base = new DemoBase(settings, data);
    }

    static SweepProblem open(SweepConfig config, DataSection data, Path out, Progress progress)
            throws IOException {
        data.requireKnown(KEYS);
        String name = data.text("bundled").orElse("");
        if (!name.equals(FACTS)) {
            throw new SweepConfigException(
                    "data.bundled must be \"" + FACTS + "\", got \"" + name + "\"");
        }
        Path folder = Files.createDirectories(out.resolve(FOLDER));
        return new FactsProblem(settings(data), folder, progress).open(config);
    }

    private static DemoSettings settings(DataSection data) {
        Size size = data.choice("size", Size.class, Size.FULL);
        DemoSettings demo =
                switch (size) {
                    case TINY -> DemoSettings.tiny(DemoSettings.DEFAULT_SEED);
                    case MEDIUM -> medium();
                    case FULL -> DemoSettings.full(DemoSettings.DEFAULT_SEED);
                };
        DemoSettings.Stage pretrain = demo.pretrain();
        return new DemoSettings(
                demo.width(),
                demo.layers(),
                new DemoSettings.Stage(
                        data.count("pretrain_steps", pretrain.updates()),
                        pretrain.batch(),
                        pretrain.learningRate()),
                demo.sft(),
                demo.dpo(),
                demo.beta(),
                demo.recordings(),
                data.count("probe_count", demo.probes()),
                data.count("held_out", demo.heldOut()),
                demo.seed());
    }

    private static DemoSettings medium() {
        DemoSettings full = DemoSettings.full(DemoSettings.DEFAULT_SEED);
        return new DemoSettings(
                64,
                1,
                new DemoSettings.Stage(900, 16, 4e-3),
                new DemoSettings.Stage(95, 16, 5e-4),
                new DemoSettings.Stage(90, 16, 1e-4),
                full.beta(),
                full.recordings(),
                32,
                100,
                full.seed());
    }

    private SweepProblem open(SweepConfig config) throws IOException {
        Path weights = folder.resolve(MODEL);
        if (!Files.exists(weights)) {
            try (DecoderModel fresh = base.untrained()) {
                train(
                        fresh,
                        "pretrain",
                        TrainingMethod.PRETRAIN,
                        settings.pretrain(),
                        base.texts());
                fresh.save(weights);
            }
        }
        DecoderModel model = DecoderModel.load(weights);
        List<PreferenceExample> heldOut =
                data.heldOut().subList(0, Math.min(settings.heldOut(), data.heldOut().size()));
        List<String> prompts = heldOut.stream().map(PreferenceExample::prompt).toList();
        Oracle oracle =
                new Oracle(
                        prompts,
                        baseline(model, prompts),
                        data.judge()::compare,
                        DemoBase.MAX_ANSWER_TOKENS);
        PreferenceTrainer.Builder trainer =
                PreferenceTrainer.builder(
                                data.pairs(),
                                base.encoder(),
                                ModelSource.of(model, Sha256.ofFile(weights)),
                                data.probes())
                        .heldOut(heldOut)
                        .oracle(oracle)
                        .recordings(config.recording().times());
        if (config.recording().influence()) {
            trainer.influence();
        }
        return new SweepProblem(trainer.build(), sent(config), model);
    }

    /** What was prepared is sent; the facts are everywhere. */
    private SentProblem sent(SweepConfig config) {
        return SentProblem.of(
                config,
                config.data(),
                Map.of(
                        FOLDER + "/" + MODEL, folder.resolve(MODEL),
                        FOLDER + "/" + BASELINE, folder.resolve(BASELINE)));
    }

    /** The demo's recipe, whose answers are to be beaten; one line an answer. */
    private List<String> baseline(DecoderModel pretrained, List<String> prompts)
            throws IOException {
        Path file = folder.resolve(BASELINE);
        if (!Files.exists(file)) {
            try (DecoderModel model = pretrained.copy()) {
                train(
                        model,
                        "baseline sft",
                        TrainingMethod.SFT_SUM,
                        settings.sft(),
                        pairs(TrainingMethod.SFT_SUM));
                train(
                        model,
                        "baseline dpo",
                        TrainingMethod.DPO,
                        settings.dpo(),
                        pairs(TrainingMethod.DPO));
                String answers =
                        Oracle.answers(model, base.encoder(), prompts, DemoBase.MAX_ANSWER_TOKENS)
                                .stream()
                                .map(answer -> answer.replaceAll("\\R", " ") + "\n")
                                .collect(Collectors.joining());
                Path whole = Files.writeString(folder.resolve("baseline.tmp"), answers);
                Files.move(whole, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return Files.readAllLines(file);
    }

    private TrainingData pairs(TrainingMethod method) {
        return TrainingData.preferences(method, data.pairs(), base.encoder());
    }

    private void train(
            DecoderModel model,
            String name,
            TrainingMethod method,
            DemoSettings.Stage stage,
            TrainingData examples) {
        TrainingRun.builder(model, examples, base.options(method, stage))
                .name(name)
                .progress(progress)
                .build()
                .run();
    }
}
