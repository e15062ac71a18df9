package org.learningdynamics.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.learningdynamics.data.ChatTemplate.Message;

/** Turns one parsed line into an example. */
interface ExampleFormat<T extends Example> {
    String PROMPT = "prompt";
    String CHOSEN = "chosen";
    String REJECTED = "rejected";
    String COMPLETION = "completion";

    T parse(long id, JsonObject line) throws BadLineException;

    static PreferenceExample preference(long id, JsonObject line) throws BadLineException {
        if (!line.has(PROMPT)) {
            return implicitPrompt(id, line);
        }
        return new PreferenceExample(
                id, prompt(line), response(line, CHOSEN), response(line, REJECTED));
    }

    static CompletionExample completion(long id, JsonObject line) throws BadLineException {
        return new CompletionExample(id, prompt(line), response(line, COMPLETION));
    }

    static UnpairedExample unpaired(long id, JsonObject line) throws BadLineException {
        return new UnpairedExample(
                id, prompt(line), response(line, COMPLETION), Fields.bool(line, "label"));
    }

    static ResponsesExample responses(long id, JsonObject line) throws BadLineException {
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

    private static String prompt(JsonObject line) throws BadLineException {
        JsonElement value = Fields.required(line, PROMPT);
        if (value.isJsonArray()) {
            return ChatTemplate.prompt(ChatTemplate.messages(PROMPT, value.getAsJsonArray()));
        }
        return text(PROMPT, value);
    }

    private static String response(JsonObject line, String key) throws BadLineException {
        JsonElement value = Fields.required(line, key);
        if (value.isJsonArray() != Fields.required(line, PROMPT).isJsonArray()) {
            throw new BadLineException(
                    "\"" + key + "\" and \"prompt\" must both be strings or both conversations");
        }
        if (value.isJsonArray()) {
            return ChatTemplate.response(key, ChatTemplate.messages(key, value.getAsJsonArray()));
        }
        return text(key, value);
    }

    private static String text(String key, JsonElement value) throws BadLineException {
        if (!Fields.isString(value)) {
            throw Fields.wrongType(key, "a string or an array of messages", value);
        }
        return value.getAsString();
    }

    private static PreferenceExample implicitPrompt(long id, JsonObject line)
            throws BadLineException {
        JsonElement chosen = Fields.required(line, CHOSEN);
        JsonElement rejected = Fields.required(line, REJECTED);
        if (chosen.equals(rejected)) {
            throw new BadLineException(
                    "without a prompt, chosen and rejected must differ: their common beginning is"
                            + " the prompt");
        }
        if (chosen.isJsonArray() && rejected.isJsonArray()) {
            return implicitPrompt(
                    id,
                    ChatTemplate.messages(CHOSEN, chosen.getAsJsonArray()),
                    ChatTemplate.messages(REJECTED, rejected.getAsJsonArray()));
        }
        return implicitPrompt(id, text(CHOSEN, chosen), text(REJECTED, rejected));
    }

    private static PreferenceExample implicitPrompt(
            long id, List<Message> chosen, List<Message> rejected) throws BadLineException {
        int common = 0;
        while (common < Math.min(chosen.size(), rejected.size())
                && chosen.get(common).equals(rejected.get(common))) {
            common++;
        }
        return new PreferenceExample(
                id,
                ChatTemplate.prompt(chosen.subList(0, common)),
                ChatTemplate.response(CHOSEN, chosen.subList(common, chosen.size())),
                ChatTemplate.response(REJECTED, rejected.subList(common, rejected.size())));
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
