package org.learningdynamics.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.lm.DecoderConfig;
import org.learningdynamics.lm.DecoderModel;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;
import org.nd4j.linalg.api.buffer.DataType;

/** Ten questions with a good and a bad answer, and a model that can learn them in no time. */
final class TinyTask {
    private static final List<String> WORDS =
            List.of("red", "blue", "green", "cold", "warm", "big", "small", "old", "new", "fast");

    private TinyTask() {}

    static List<PreferenceExample> preferences() {
        List<PreferenceExample> examples = new ArrayList<>();
        for (int i = 0; i < WORDS.size(); i++) {
            String word = WORDS.get(i);
            String other = WORDS.get((i + 3) % WORDS.size());
            String good = i % 2 == 0 ? "it is " + word : "it is " + word + " today";
            examples.add(
                    new PreferenceExample(
                            i + 1, "what is " + word + " ?", good, "no " + other + " here"));
        }
        return examples;
    }

    static SequenceEncoder encoder() {
        List<String> corpus = new ArrayList<>();
        for (PreferenceExample e : preferences()) {
            corpus.addAll(List.of(e.prompt(), e.chosen(), e.rejected()));
        }
        return new SequenceEncoder(
                WordTokenizer.train(corpus, 1000), new Truncation(32, 16, KeepPrompt.END));
    }

    static TrainingData data(TrainingMethod method) {
        return TrainingData.preferences(method, preferences(), encoder());
    }

    static DecoderModel model(DataType type) {
        return DecoderModel.create(
                DecoderConfig.builder(encoder().tokenizer().vocabularySize())
                        .width(16)
                        .layers(1)
                        .heads(2)
                        .maxLength(32)
                        .dataType(type)
                        .seed(1)
                        .build());
    }

    static ProbeSet probes() {
        List<Probe> probes = new ArrayList<>();
        for (PreferenceExample e : preferences().subList(0, 3)) {
            Map<String, String> responses = new LinkedHashMap<>();
            responses.put("chosen", e.chosen());
            responses.put("rejected", e.rejected());
            probes.add(Probe.of((int) e.id(), e.prompt(), responses));
        }
        return new ProbeSet("tiny", probes);
    }
}
