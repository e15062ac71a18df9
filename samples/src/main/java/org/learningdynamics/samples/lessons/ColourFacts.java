package org.learningdynamics.samples.lessons;

import java.util.ArrayList;
import java.util.List;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.data.WordTokenizer;

/** What colour things have. */
final class ColourFacts {
    private static final List<String> THINGS =
            List.of("sky", "grass", "snow", "coal", "blood", "sand");
    private static final List<String> COLOURS =
            List.of("blue", "green", "white", "black", "red", "gold");

    /** Knows every word. */
    static final SequenceEncoder ENCODER = encoder();

    private ColourFacts() {}

    /** One example a thing, numbered from 1. */
    static List<PreferenceExample> all() {
        List<PreferenceExample> facts = new ArrayList<>();
        for (int i = 0; i < THINGS.size(); i++) {
            facts.add(fact(i + 1, THINGS.get(i), COLOURS.get(i)));
        }
        return facts;
    }

    static PreferenceExample fact(int id, String thing, String colour) {
        return new PreferenceExample(id, "the colour of the " + thing + " is", colour + " .", "?");
    }

    private static SequenceEncoder encoder() {
        var texts = all().stream().map(f -> f.prompt() + " " + f.chosen() + " ?").toList();
        return new SequenceEncoder(
                WordTokenizer.train(texts, 100), new Truncation(32, 16, KeepPrompt.END));
    }
}
