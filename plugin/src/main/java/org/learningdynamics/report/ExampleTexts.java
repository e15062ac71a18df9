package org.learningdynamics.report;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
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

    /** Writes an object a named example by id, its texts by part; none if texts are left out. */
    void write(Json json) {
        json.object();
        if (texts == TextUse.SHOWN) {
            Map<Long, Map<String, String>> taught = taught();
            file.forEachExample(
                    row -> {
                        if (named.contains(row.example())) {
                            json.key(Long.toString(row.example())).object();
                            json.key("prompt").value(excerpt(row.prompt()));
                            taught.getOrDefault(row.example(), Map.of())
                                    .forEach((part, text) -> json.key(part).value(text));
                            json.endObject();
                        }
                    });
        }
        json.endObject();
    }

    private Map<Long, Map<String, String>> taught() {
        Map<Long, Map<String, String>> taught = new HashMap<>();
        file.wording()
                .forEachExampleResponse(
                        row -> {
                            if (named.contains(row.example())) {
                                taught.computeIfAbsent(row.example(), id -> new TreeMap<>())
                                        .put(row.part(), excerpt(row.text()));
                            }
                        });
        return taught;
    }

    static String excerpt(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " […]";
    }
}
