package org.learningdynamics.report;

import java.util.List;

/**
 * The first screen: one headline, what to do, what each run did, how runs compare and how far the
 * recording can be trusted. Every sentence is computed from the recordings and names the section
 * that shows it.
 */
final class FirstScreen {
    private FirstScreen() {}

    static void write(Json json, ReportModel model) {
        json.object().key("headline");
        Headline.of(model).write(json);
        write(json.key("actions"), Actions.of(model));
        json.key("stories").array();
        model.runs().forEach(run -> new RunStory(run, model).write(json));
        json.endArray();
        write(json.key("comparisons"), Comparison.of(model));
        write(json.key("notes"), Notes.of(model));
        json.endObject();
    }

    private static void write(Json json, List<Sentence> sentences) {
        json.array();
        sentences.forEach(sentence -> sentence.write(json));
        json.endArray();
    }
}
