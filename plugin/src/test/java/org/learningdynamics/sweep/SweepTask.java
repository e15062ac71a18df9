package org.learningdynamics.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;
import org.learningdynamics.probe.Probe;
import org.learningdynamics.probe.ProbeSet;

/** Questions with a good and a bad answer, for models that learn them in no time. */
final class SweepTask {
    private static final List<String> WORDS =
            List.of("red", "blue", "green", "cold", "warm", "big", "small", "old", "new", "fast");
    private static final int LEARNT = 7;
    private static final int MAX_LENGTH = 16;

    private SweepTask() {}

    static List<PreferenceExample> pairs() {
        List<PreferenceExample> pairs = new ArrayList<>();
        for (int i = 0; i < WORDS.size(); i++) {
            String word = WORDS.get(i);
            String other = WORDS.get((i + 3) % WORDS.size());
            pairs.add(
                    new PreferenceExample(
                            i + 1, "what is " + word + " ?", "it is " + word, "no " + other));
        }
        return pairs;
    }

    static SequenceEncoder encoder() {
        List<String> corpus =
                pairs().stream()
                        .map(p -> p.prompt() + " " + p.chosen() + " " + p.rejected())
                        .toList();
        return new SequenceEncoder(
                WordTokenizer.train(corpus, 100), new Truncation(MAX_LENGTH, 8, KeepPrompt.END));
    }

    static ProbeSet probes() {
        List<Probe> probes = new ArrayList<>();
        for (PreferenceExample e : pairs().subList(0, 3)) {
            Map<String, String> responses = new LinkedHashMap<>();
            responses.put("chosen", e.chosen());
            responses.put("rejected", e.rejected());
            probes.add(Probe.of((int) e.id(), e.prompt(), responses));
        }
        return new ProbeSet("tiny", probes);
    }

    /** New models of width 16; seven pairs are learnt, three held out. */
    static PreferenceTrainer.Builder trainer() {
        SequenceEncoder encoder = encoder();
        int vocabulary = encoder.tokenizer().vocabularySize();
        return PreferenceTrainer.builder(
                        pairs().subList(0, LEARNT),
                        encoder,
                        ModelSource.fresh(vocabulary, MAX_LENGTH),
                        probes())
                .heldOut(pairs().subList(LEARNT, pairs().size()))
                .recordings(4);
    }

    /** What tiny candidates have in common. */
    static Map<String, Object> fixed() {
        Map<String, Object> fixed = new LinkedHashMap<>();
        fixed.put("width", 16);
        fixed.put("layers", 1);
        fixed.put("heads", 2);
        fixed.put("steps", 8);
        fixed.put("batch", 4);
        fixed.put("learning_rate", 0.01);
        return fixed;
    }

    /** β alone, so that a candidate is one stage. */
    static TrainingSpace space() {
        return new TrainingSpace(Map.of("beta", new ContinuousParameterSpace(0.05, 1.0)), fixed());
    }
}
