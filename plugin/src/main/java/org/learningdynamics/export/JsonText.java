package org.learningdynamics.export;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Texts as JSON strings. */
final class JsonText {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private JsonText() {}

    static String string(String text) {
        return GSON.toJson(text);
    }
}
