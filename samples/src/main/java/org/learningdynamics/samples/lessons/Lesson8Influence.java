package org.learningdynamics.samples.lessons;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.listener.InfluenceOptions;
import org.learningdynamics.listener.Schedule;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.series.AttributedExample;
import org.learningdynamics.series.Attribution;
import org.learningdynamics.series.AttributionOrder;
import org.learningdynamics.series.AttributionQuery;
import org.learningdynamics.train.Optimizer;
import org.learningdynamics.train.RunRecording;
import org.learningdynamics.train.TrainingData;
import org.learningdynamics.train.TrainingMethod;
import org.learningdynamics.train.TrainingOptions;
import org.learningdynamics.train.TrainingRun;

/** Lesson 8: find the training example that broke an answer. */
public final class Lesson8Influence {
    private static final int WRONG = 100;

    private Lesson8Influence() {}

    /**
     * Teaches colours, one of them wrong once, and prints who harmed the answer.
     *
     * @param args the run file to write
     */
    public static void main(String[] args) {
        System.out.println(culprit(Path.of(args[0])));
    }

    /**
     * Trains and asks.
     *
     * @param file the run file to write
     * @return the example that harmed the answer most
     */
    public static AttributedExample culprit(Path file) {
        List<PreferenceExample> facts = ColourFacts.all();
        int words = ColourFacts.ENCODER.tokenizer().vocabularySize();
        var model = DecoderModel.create(DecoderConfig.builder(words).width(32).layers(1).build());
        learn(model, facts, Optimizer.ADAM, 2e-3).build().run();

        facts.add(ColourFacts.fact(WRONG, "sky", "green"));
        var probe = Probe.of(1, "the colour of the sky is", Map.of("chosen", "blue ."));
        var recording =
                RunRecording.of(file, new ProbeSet("sky", List.of(probe)), Schedule.every(1))
                        .withInfluence(InfluenceOptions.defaults());
        learn(model, facts, Optimizer.SGD, 0.05).recording(recording).build().run();
        // README influence
        var run = RunFileReader.open(file);
        var moved = Attribution.of(run, AttributionQuery.ofKind("chosen").probe(1));
        var harmer = moved.harmers(1, AttributionOrder.TOTAL).get(0);
        var helper = moved.helpers(1, AttributionOrder.TOTAL).get(0);
        System.out.println("raised by " + helper + ", lowered by " + harmer);
        // end
        return harmer;
    }

    private static TrainingRun.Builder learn(
            DecoderModel model, List<PreferenceExample> facts, Optimizer optimizer, double rate) {
        var data = TrainingData.preferences(TrainingMethod.SFT, facts, ColourFacts.ENCODER);
        var options =
                TrainingOptions.builder(TrainingMethod.SFT)
                        .updates(40)
                        .batchSize(2)
                        .optimizer(optimizer)
                        .learningRate(rate)
                        .build();
        return TrainingRun.builder(model, data, options);
    }
}
