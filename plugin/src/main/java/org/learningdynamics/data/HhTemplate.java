package org.learningdynamics.data;

import java.util.List;
import java.util.Map;

/** Conversations as the HH data set writes them. */
final class HhTemplate implements ChatTemplate {
    static final HhTemplate INSTANCE = new HhTemplate();

    private static final Map<String, String> HEADERS =
            Map.of(
                    "user",
                    "\n\nHuman:",
                    ChatMessage.ASSISTANT,
                    "\n\nAssistant:",
                    "system",
                    "\n\nSystem:");

    private HhTemplate() {}

    @Override
    public String prompt(List<ChatMessage> messages) {
        return messages.isEmpty() ? "" : render(messages) + header(ChatMessage.ASSISTANT);
    }

    @Override
    public String response(List<ChatMessage> prompt, List<ChatMessage> response) {
        return " " + response.get(0).content() + render(response.subList(1, response.size()));
    }

    private static String render(List<ChatMessage> messages) {
        StringBuilder text = new StringBuilder();
        for (ChatMessage message : messages) {
            text.append(header(message.role())).append(' ').append(message.content());
        }
        return text.toString();
    }

    private static String header(String role) {
        String header = HEADERS.get(role);
        if (header == null) {
            throw new IllegalArgumentException(
                    "role must be system, user or assistant, got " + role);
        }
        return header;
    }
}
