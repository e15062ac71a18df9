package org.learningdynamics.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The formats of lines; conversations become text by one template. */
final class ExampleParser {
    private static final String PROMPT = "prompt";
    private static final String CHOSEN = "chosen";
    private static final String REJECTED = "rejected";
    private static final String COMPLETION = "completion";
    private static final String MESSAGES = "messages";

    private final Conversations conversations;

    ExampleParser(ChatTemplate template) {
        conversations = new Conversations(template);
    }

    PreferenceExample preference(long id, JsonObject line) throws BadLineException {
        if (!line.has(PROMPT)) {
            return implicitPrompt(id, line);
        }
        return new PreferenceExample(
                id, prompt(line), response(line, CHOSEN), response(line, REJECTED));
    }

    CompletionExample completion(long id, JsonObject line) throws BadLineException {
        if (line.has(MESSAGES) && !line.has(PROMPT)) {
            return lastAnswer(id, messages(MESSAGES, Fields.required(line, MESSAGES)));
        }
        return new CompletionExample(id, prompt(line), response(line, COMPLETION));
    }

    /** A whole conversation: its last message is the response to those before it. */
    private CompletionExample lastAnswer(long id, List<ChatMessage> messages)
            throws BadLineException {
        int last = Math.max(0, messages.size() - 1);
        List<ChatMessage> prompt = messages.subList(0, last);
        List<ChatMessage> answer = messages.subList(last, messages.size());
        if (answer.isEmpty() || !answer.get(0).isAnswer()) {
            throw new BadLineException("the last message of \"messages\" must be from assistant");
        }
        return new CompletionExample(
                id,
                conversations.prompt(MESSAGES, prompt),
                conversations.response(MESSAGES, prompt, answer));
    }

    private static List<ChatMessage> messages(String key, JsonElement value)
            throws BadLineException {
        if (!value.isJsonArray()) {
            throw Fields.wrongType(key, "an array of messages", value);
        }
        return Conversations.messages(key, value.getAsJsonArray());
    }

    UnpairedExample unpaired(long id, JsonObject line) throws BadLineException {
        return new UnpairedExample(
                id, prompt(line), response(line, COMPLETION), Fields.bool(line, "label"));
    }

    PromptExample prompt(long id, JsonObject line) throws BadLineException {
        if (!line.has(MESSAGES) || line.has(PROMPT)) {
            return new PromptExample(id, prompt(line));
        }
        List<ChatMessage> messages = messages(MESSAGES, Fields.required(line, MESSAGES));
        int last = messages.size() - 1;
        boolean isAnswered = last >= 0 && messages.get(last).isAnswer();
        List<ChatMessage> asked = isAnswered ? messages.subList(0, last) : messages;
        return new PromptExample(id, conversations.prompt(MESSAGES, asked));
    }

    ResponsesExample responses(long id, JsonObject line) throws BadLineException {
        String prompt = prompt(line);
        Map<String, String> responses = new LinkedHashMap<>();
        for (String key : line.keySet()) {
            if (key.isBlank()) {
                throw new BadLineException("a response kind must not be blank");
            }
            if (!key.equals(PROMPT)) {
                responses.put(key, response(line, key));
            }
        }
        if (responses.isEmpty()) {
            throw new BadLineException("no response beside the prompt");
        }
        return new ResponsesExample(id, prompt, responses);
    }

    private String prompt(JsonObject line) throws BadLineException {
        JsonElement value = Fields.required(line, PROMPT);
        if (value.isJsonArray()) {
            return conversations.prompt(PROMPT, messages(PROMPT, value));
        }
        return text(PROMPT, value);
    }

    private String response(JsonObject line, String key) throws BadLineException {
        JsonElement value = Fields.required(line, key);
        if (value.isJsonArray() != Fields.required(line, PROMPT).isJsonArray()) {
            throw new BadLineException(
                    "\"" + key + "\" and \"prompt\" must both be strings or both conversations");
        }
        if (value.isJsonArray()) {
            List<ChatMessage> prompt = messages(PROMPT, Fields.required(line, PROMPT));
            return conversations.response(key, prompt, messages(key, value));
        }
        return text(key, value);
    }

    private static String text(String key, JsonElement value) throws BadLineException {
        if (!Fields.isString(value)) {
            throw Fields.wrongType(key, "a string or an array of messages", value);
        }
        return value.getAsString();
    }

    private PreferenceExample implicitPrompt(long id, JsonObject line) throws BadLineException {
        JsonElement chosen = Fields.required(line, CHOSEN);
        JsonElement rejected = Fields.required(line, REJECTED);
        if (chosen.equals(rejected)) {
            throw new BadLineException(
                    "without a prompt, chosen and rejected must differ: their common beginning is"
                            + " the prompt");
        }
        if (chosen.isJsonArray() && rejected.isJsonArray()) {
            return implicitPrompt(id, messages(CHOSEN, chosen), messages(REJECTED, rejected));
        }
        return implicitPrompt(id, text(CHOSEN, chosen), text(REJECTED, rejected));
    }

    private PreferenceExample implicitPrompt(
            long id, List<ChatMessage> chosen, List<ChatMessage> rejected) throws BadLineException {
        int common = 0;
        while (common < Math.min(chosen.size(), rejected.size())
                && chosen.get(common).equals(rejected.get(common))) {
            common++;
        }
        List<ChatMessage> prompt = chosen.subList(0, common);
        return new PreferenceExample(
                id,
                conversations.prompt(PROMPT, prompt),
                conversations.response(CHOSEN, prompt, chosen.subList(common, chosen.size())),
                conversations.response(
                        REJECTED, prompt, rejected.subList(common, rejected.size())));
    }

    private static PreferenceExample implicitPrompt(long id, String chosen, String rejected) {
        int common = 0;
        while (common < Math.min(chosen.length(), rejected.length())
                && chosen.charAt(common) == rejected.charAt(common)) {
            common++;
        }
        if (common > 0 && splits(chosen.charAt(common - 1))) {
            common--;
        }
        return new PreferenceExample(
                id,
                chosen.substring(0, common),
                chosen.substring(common),
                rejected.substring(common));
    }

    /** A space goes to the responses, as they begin in the explicit form; a pair stays whole. */
    private static boolean splits(char last) {
        return last == ' ' || Character.isHighSurrogate(last);
    }
}
