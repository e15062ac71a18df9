package org.learningdynamics.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.train.Checkpoint;
import org.learningdynamics.train.CheckpointInfluence;
import org.learningdynamics.train.CheckpointInfluenceOptions;
import org.learningdynamics.train.InfluenceProgress;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/** A process of its own that scores a data set, slowly, and says after each block that it did. */
final class CheckpointJobProcess {
    private static final int EXAMPLES = 12;
    private static final TrainingOptions OPTIONS =
            TrainingOptions.builder(TrainingMethod.SFT).updates(2).batchSize(4).build();

    private CheckpointJobProcess() {}

    private static TrainingData data() {
        List<PreferenceExample> examples = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            examples.add(new PreferenceExample(i + 1, "what is " + i + " ?", "it is " + i, "no"));
        }
        SequenceEncoder encoder =
                new SequenceEncoder(new ByteTokenizer(), new Truncation(31, 16, KeepPrompt.END));
        return TrainingData.preferences(TrainingMethod.SFT, examples, encoder);
    }

    /** Trains a tiny model; leaves three checkpoints. */
    static void train(Path directory) {
        DecoderConfig config =
                DecoderConfig.builder(new ByteTokenizer().vocabularySize())
                        .width(8)
                        .layers(1)
                        .heads(2)
                        .maxLength(32)
                        .build();
        TrainingRun.builder(DecoderModel.create(config), data(), OPTIONS)
                .checkpoints(directory, 1)
                .build()
                .run();
    }

    static CheckpointInfluence job(Path directory, Consumer<InfluenceProgress> progress) {
        ProbeSet probes =
                new ProbeSet("one", List.of(Probe.of(1, "what is 3 ?", Map.of("good", "it is 3"))));
        return CheckpointInfluence.builder(Checkpoint.in(directory), data(), OPTIONS, probes)
                .options(CheckpointInfluenceOptions.defaults().withBlocks(2, 8))
                .progress(progress)
                .build();
    }

    /**
     * Scores.
     *
     * @param arguments directory of the checkpoints, run file
     */
    public static void main(String[] arguments) {
        job(
                        Path.of(arguments[0]),
                        at -> {
                            System.out.println("done " + at.blocksDone());
                            pause();
                        })
                .run(Path.of(arguments[1]));
    }

    /** Time for the recorder to commit, so that a kill meets stored and unstored blocks. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
