package org.learningdynamics.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads conversations from parsed lines and writes them by a template. */
final class Conversations {
    private final ChatTemplate template;

    Conversations(ChatTemplate template) {
        this.template = template;
    }

    static List<ChatMessage> messages(String key, JsonArray array) throws BadLineException {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonElement element : array) {
            if (!element.isJsonObject()) {
                throw new BadLineException(
                        "every message of \"" + key + "\" must be an object with role and content");
            }
            JsonObject message = element.getAsJsonObject();
            messages.add(
                    new ChatMessage(
                            Fields.string(message, "role"), Fields.string(message, "content")));
        }
        return messages;
    }

    String prompt(String key, List<ChatMessage> messages) throws BadLineException {
        if (!messages.isEmpty() && messages.get(messages.size() - 1).isAnswer()) {
            throw new BadLineException(
                    "the last message of a prompt must be from user or system, got assistant");
        }
        try {
            return template.prompt(messages);
        } catch (IllegalArgumentException e) {
            throw refused(key, e);
        }
    }

    String response(String key, List<ChatMessage> prompt, List<ChatMessage> response)
            throws BadLineException {
        if (response.isEmpty() || !response.get(0).isAnswer()) {
            throw new BadLineException(
                    "the first message of response \"" + key + "\" must be from assistant");
        }
        try {
            return template.response(prompt, response);
        } catch (IllegalArgumentException e) {
            throw refused(key, e);
        }
    }

    private static BadLineException refused(String key, IllegalArgumentException e) {
        return new BadLineException("\"" + key + "\": " + e.getMessage(), e);
    }
}
