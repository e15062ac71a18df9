package org.learningdynamics.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.influence.GradientProjection;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.CheckpointInfluence;
import org.learningdynamics.train.CheckpointInfluenceOptions;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/** Preferences of many lengths, probes, and two checkpoints of a small model that learnt them. */
final class ScoredSet {
    static final int EXAMPLES = 22;
    static final int PROBES = 5;
    private static final List<String> WORDS =
            List.of("red", "blue", "green", "cold", "warm", "big", "small", "old", "new", "fast");
    private static final TrainingOptions OPTIONS =
            TrainingOptions.builder(TrainingMethod.DPO)
                    .learningRate(5e-3)
                    .batchSize(4)
                    .updates(4)
                    .build();

    private final Path folder;
    private final List<PreferenceExample> preferences = new ArrayList<>();

    ScoredSet(Path folder) {
        this.folder = folder;
        Random random = new Random(9);
        for (int i = 1; i <= EXAMPLES; i++) {
            preferences.add(
                    new PreferenceExample(
                            i,
                            "what is " + words(random) + " ?",
                            "it is " + words(random),
                            words(random)));
        }
        TrainingRun.builder(model(), data(), OPTIONS).checkpoints(folder, 4).build().run();
    }

    private static String words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(7); i >= 0; i--) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", words);
    }

    private static SequenceEncoder encoder() {
        String corpus = String.join(" ", WORDS) + " what it is ?";
        return new SequenceEncoder(
                WordTokenizer.train(List.of(corpus), 100), new Truncation(32, 16, KeepPrompt.END));
    }

    private static DecoderModel model() {
        return DecoderModel.create(
                DecoderConfig.builder(encoder().tokenizer().vocabularySize())
                        .width(16)
                        .layers(1)
                        .heads(2)
                        .maxLength(32)
                        .build());
    }

    private TrainingData data() {
        return TrainingData.preferences(TrainingMethod.DPO, preferences, encoder());
    }

    private ProbeSet probes() {
        List<Probe> probes = new ArrayList<>();
        for (PreferenceExample e : preferences.subList(0, PROBES)) {
            Map<String, String> responses = new LinkedHashMap<>();
            responses.put("rejected", e.rejected());
            responses.put("chosen", e.chosen());
            probes.add(Probe.of((int) e.id(), e.prompt(), responses));
        }
        return new ProbeSet("some", probes);
    }

    /** Products of 256 numbers, in blocks of three examples and four probe rows. */
    static CheckpointInfluenceOptions projected() {
        return CheckpointInfluenceOptions.defaults()
                .withBlocks(3, 4)
                .withProjection(
                        new GradientProjection(GradientProjection.Kind.SPARSE_SIGNS, 256, 3));
    }

    CheckpointInfluence job(CheckpointInfluenceOptions options) {
        return CheckpointInfluence.builder(Checkpoint.in(folder), data(), OPTIONS, probes())
                .options(options)
                .build();
    }
}
