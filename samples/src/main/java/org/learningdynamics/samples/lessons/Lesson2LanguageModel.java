package org.learningdynamics.samples.lessons;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.ProbeDerivation;
import org.learningdynamics.report.Report;
import org.learningdynamics.report.ReportOptions;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/** Lesson 2: SFT, then DPO, on a language model of our own, both recorded, and their report. */
public final class Lesson2LanguageModel {
    private Lesson2LanguageModel() {}

    /**
     * Trains on a handful of preferences.
     *
     * @param args the folder for run files and report
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<PreferenceExample> pairs =
                List.of(
                        new PreferenceExample(1, "the sky is", "blue today .", "made of cheese ."),
                        new PreferenceExample(2, "grass is", "green and soft .", "a loud song ."),
                        new PreferenceExample(3, "snow is", "cold and white .", "warm soup ."));
        var tokenizer =
                WordTokenizer.train(
                        pairs.stream().map(p -> p.prompt() + p.chosen() + p.rejected()).toList(),
                        500);
        // README language model
        var encoder = new SequenceEncoder(tokenizer, new Truncation(64, 32, KeepPrompt.END));
        var probes = ProbeDerivation.of(pairs, 7).derive("sky", pairs);
        var model = DecoderModel.create(DecoderConfig.builder(tokenizer.vocabularySize()).build());
        for (var method : List.of(TrainingMethod.SFT, TrainingMethod.DPO)) {
            var options = TrainingOptions.builder(method).updates(20).batchSize(2).build();
            var file = folder.resolve(method.label() + ".ldyn");
            TrainingRun.builder(model, TrainingData.preferences(method, pairs, encoder), options)
                    .recording(RunRecording.of(file, probes, Schedule.every(5)))
                    .build()
                    .run();
        }
        // end
        Report.write(
                List.of(folder.resolve("sft.ldyn"), folder.resolve("dpo.ldyn")),
                folder.resolve("report.html"),
                ReportOptions.DEFAULT);
    }
}
