package org.learningdynamics.samples.facts;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.learningdynamics.data.TextSource;

/**
 * The hand-written part of the world.
 *
 * @param openers beginnings of an answer, the first of them empty
 * @param unrelated sentences about nothing in the world
 * @param subjects what the world holds
 */
record Grammar(List<String> openers, List<String> unrelated, List<Subject> subjects) {
    Grammar {
        openers = List.copyOf(openers);
        unrelated = List.copyOf(unrelated);
        subjects = List.copyOf(subjects);
    }

    static Grammar load() {
        try (InputStream in = TextSource.resource(Grammar.class, "world.json").open()) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Gson().fromJson(json, Grammar.class);
        } catch (IOException e) {
            throw new IllegalStateException("world.json cannot be read", e);
        }
    }

    /** A whole answer. */
    String answer(int opener, String body) {
        String begin = openers.get(opener);
        return begin.isEmpty() ? body + "." : begin + " " + body + ".";
    }
}
