package org.learningdynamics.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Renders conversations as plain text, in the form of the HH data set. A message is {@code
 * "\n\nHuman: "}, {@code "\n\nAssistant: "} or {@code "\n\nSystem: "} with its content; a prompt
 * ends in {@code "\n\nAssistant:"}; a response is a space and the assistant's content, and any
 * further messages in full.
 */
final class ChatTemplate {
    private static final String ASSISTANT = "assistant";
    private static final Map<String, String> HEADERS =
            Map.of("user", "\n\nHuman:", ASSISTANT, "\n\nAssistant:", "system", "\n\nSystem:");

    private ChatTemplate() {}

    /** One message; the role is one of the template's. */
    record Message(String role, String content) {
        String render() {
            return HEADERS.get(role) + " " + content;
        }
    }

    static List<Message> messages(String key, JsonArray array) throws BadLineException {
        List<Message> messages = new ArrayList<>();
        for (JsonElement element : array) {
            messages.add(message(key, element));
        }
        return messages;
    }

    private static Message message(String key, JsonElement element) throws BadLineException {
        if (!element.isJsonObject()) {
            throw new BadLineException(
                    "every message of \"" + key + "\" must be an object with role and content");
        }
        JsonObject object = element.getAsJsonObject();
        String role = Fields.string(object, "role");
        if (!HEADERS.containsKey(role)) {
            throw new BadLineException(
                    "role in \"" + key + "\" must be system, user or assistant, got " + role);
        }
        return new Message(role, Fields.string(object, "content"));
    }

    /** The prompt's messages and the cue for the answer; no messages give no text. */
    static String prompt(List<Message> messages) throws BadLineException {
        if (messages.isEmpty()) {
            return "";
        }
        if (messages.get(messages.size() - 1).role().equals(ASSISTANT)) {
            throw new BadLineException(
                    "the last message of a prompt must be from user or system, got assistant");
        }
        return render(messages) + HEADERS.get(ASSISTANT);
    }

    /** The answer, to be put behind {@link #prompt}. */
    static String response(String key, List<Message> messages) throws BadLineException {
        if (messages.isEmpty() || !messages.get(0).role().equals(ASSISTANT)) {
            throw new BadLineException(
                    "the first message of response \"" + key + "\" must be from assistant");
        }
        String answer = messages.get(0).content();
        return " " + answer + render(messages.subList(1, messages.size()));
    }

    private static String render(List<Message> messages) {
        StringBuilder text = new StringBuilder();
        messages.forEach(message -> text.append(message.render()));
        return text.toString();
    }
}
