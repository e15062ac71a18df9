package org.learningdynamics.report;

import java.util.TreeSet;
import org.learningdynamics.recording.RunFileReader;

/** The texts of the training examples that a page names, shortened where they are very long. */
final class ExampleTexts {
    static final int MAX_TEXT = 300;

    private final RunFileReader file;
    private final TextUse texts;
    private final TreeSet<Long> named = new TreeSet<>();

    ExampleTexts(RunFileReader file, TextUse texts) {
        this.file = file;
        this.texts = texts;
    }

    /** Remembers that an example is named. */
    long name(long example) {
        named.add(example);
        return example;
    }

    /** Writes an object a named example by id; none if texts are left out. */
    void write(Json json) {
        json.object();
        if (texts == TextUse.SHOWN) {
            file.forEachExample(
                    row -> {
                        if (named.contains(row.example())) {
                            json.key(Long.toString(row.example())).object();
                            json.key("prompt").value(excerpt(row.prompt())).endObject();
                        }
                    });
        }
        json.endObject();
    }

    static String excerpt(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " […]";
    }
}
