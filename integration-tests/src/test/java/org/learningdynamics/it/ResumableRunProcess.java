package org.learningdynamics.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.ByteTokenizer;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.train.Optimizer;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingResult;
import org.learningdynamics.train.TrainingRun;

/**
 * A process of its own that trains, goes on where it was, and says after each update that it did.
 */
final class ResumableRunProcess {
    static final int UPDATES = 12;

    private static final String RUN = "killed";

    private ResumableRunProcess() {}

    private static TrainingData data() {
        List<PreferenceExample> examples = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            examples.add(new PreferenceExample(i + 1, "what is " + i + " ?", "it is " + i, "no"));
        }
        SequenceEncoder encoder =
                new SequenceEncoder(new ByteTokenizer(), new Truncation(31, 16, KeepPrompt.END));
        return TrainingData.preferences(TrainingMethod.DPO, examples, encoder);
    }

    /** Large enough that writing a state takes a while, small enough to train at once. */
    static DecoderModel model() {
        return DecoderModel.create(
                DecoderConfig.builder(new ByteTokenizer().vocabularySize())
                        .width(128)
                        .layers(2)
                        .heads(2)
                        .maxLength(32)
                        .build());
    }

    static TrainingRun.Builder run(DecoderModel model, Path file) {
        TrainingOptions options =
                TrainingOptions.builder(TrainingMethod.DPO)
                        .updates(UPDATES)
                        .batchSize(3)
                        .microBatches(2)
                        .maxGradientNorm(1)
                        .optimizer(Optimizer.ADAMW)
                        .weightDecay(0.1)
                        .build();
        ProbeSet probes =
                new ProbeSet("one", List.of(Probe.of(1, "what is 3 ?", Map.of("good", "it is 3"))));
        return TrainingRun.builder(model, data(), options)
                .name(RUN)
                .recording(RunRecording.of(file, probes, Schedule.every(5)));
    }

    /** The run from its newest state, or from the start if it has none. */
    static TrainingResult goOn(DecoderModel model, Path states, Path file) throws Exception {
        TrainingRun.Builder run =
                run(model, file)
                        .states(states, 1, 2)
                        .progress(at -> System.out.println("update " + at.updatesDone()));
        try (var folders = Files.list(states)) {
            if (folders.anyMatch(path -> path.getFileName().toString().startsWith(RUN))) {
                run.resume(states);
            }
        }
        return run.build().run();
    }

    /**
     * Trains.
     *
     * @param arguments directory of the states, run file
     */
    public static void main(String[] arguments) throws Exception {
        goOn(model(), Path.of(arguments[0]), Path.of(arguments[1]));
    }
}
