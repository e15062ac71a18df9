package org.learningdynamics.lm.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.data.ChatMessage;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.lm.template.JinjaTemplate;
import org.learningdynamics.lm.template.TemplateException;

/**
 * The chat template of a pretrained model: {@code chat_template.jinja} or the {@code chat_template}
 * of {@code tokenizer_config.json}, which may hold several by name. Does not need DJL.
 *
 * <p>A prompt is rendered with the cue for the answer ({@code add_generation_prompt}); a response
 * is what the whole conversation has behind the prompt's text. If that ends in the tokenizer's
 * end-of-sequence token and white space, these are left out: training puts that token behind every
 * response, once. A template whose text of the prompt changes when an answer follows is refused.
 * Immutable; safe for use by several threads.
 */
public final class PretrainedChatTemplate implements ChatTemplate {
    private static final String DEFAULT_NAME = "default";
    private static final String KEY = "chat_template";
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "pad_token", "unk_token");

    private final JinjaTemplate template;
    private final Map<String, String> tokens;
    private final Clock clock;

    private PretrainedChatTemplate(
            JinjaTemplate template, Map<String, String> tokens, Clock clock) {
        this.template = template;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Reads the template of a model's folder, that with the name "default" if there are several.
     *
     * @param directory the folder
     * @param clock what templates that write the date ask for the time
     * @return the template, empty if the folder has none
     * @throws DataException if a file cannot be read or is no template
     */
    public static Optional<PretrainedChatTemplate> load(Path directory, Clock clock) {
        return load(directory, DEFAULT_NAME, clock);
    }

    /**
     * Reads one of the templates of a model's folder.
     *
     * @param directory the folder
     * @param name its name; a template without name has the name "default"
     * @param clock what templates that write the date ask for the time
     * @return the template, empty if the folder has none with this name
     * @throws DataException if a file cannot be read or is no template
     */
    public static Optional<PretrainedChatTemplate> load(Path directory, String name, Clock clock) {
        JsonFile config = JsonFile.optional(directory.resolve("tokenizer_config.json"));
        JsonFile map = JsonFile.optional(directory.resolve("special_tokens_map.json"));
        Map<String, String> tokens = new HashMap<>();
        for (String key : TOKENS) {
            config.token(key).or(() -> map.token(key)).ifPresent(text -> tokens.put(key, text));
        }
        Path file = directory.resolve(KEY + ".jinja");
        if (name.equals(DEFAULT_NAME) && Files.exists(file)) {
            return Optional.of(
                    new PretrainedChatTemplate(
                            parsed(file, JsonFile.read(file)), Map.copyOf(tokens), clock));
        }
        return source(config, name)
                .map(text -> parsed(config.file(), text))
                .map(text -> new PretrainedChatTemplate(text, Map.copyOf(tokens), clock));
    }

    private static JinjaTemplate parsed(Path file, String source) {
        try {
            return JinjaTemplate.parse(source);
        } catch (TemplateException e) {
            throw new DataException(file + ": chat template: " + e.getMessage(), e);
        }
    }

    /** The text under the key, or that of the named entry of its list. */
    private static Optional<String> source(JsonFile config, String name) {
        Optional<JsonElement> value = config.value(KEY);
        if (value.isEmpty() || !value.get().isJsonArray()) {
            return name.equals(DEFAULT_NAME) ? config.token(KEY) : Optional.empty();
        }
        for (JsonElement entry : value.get().getAsJsonArray()) {
            JsonObject object = entry.isJsonObject() ? entry.getAsJsonObject() : new JsonObject();
            if (!object.has("name") || !object.has("template")) {
                throw config.wrong(KEY, "a list of templates with name and template", entry);
            }
            if (object.get("name").getAsString().equals(name)) {
                return Optional.of(object.get("template").getAsString());
            }
        }
        return Optional.empty();
    }

    @Override
    public String prompt(List<ChatMessage> messages) {
        return render(messages, true);
    }

    @Override
    public String response(List<ChatMessage> prompt, List<ChatMessage> response) {
        List<ChatMessage> all = new ArrayList<>(prompt);
        all.addAll(response);
        String begin = prompt(prompt);
        String whole = render(all, false);
        if (!whole.startsWith(begin)) {
            throw new IllegalArgumentException(
                    "the chat template must write a prompt the same with an answer behind it");
        }
        return withoutEnd(whole.substring(begin.length()));
    }

    private String withoutEnd(String response) {
        String end = tokens.getOrDefault("eos_token", "");
        String text = response.stripTrailing();
        return !end.isEmpty() && text.endsWith(end)
                ? text.substring(0, text.length() - end.length())
                : response;
    }

    private String render(List<ChatMessage> messages, boolean cue) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a conversation needs at least one message, got 0");
        }
        Map<String, Object> values = new HashMap<>(tokens);
        values.put("messages", messages.stream().map(PretrainedChatTemplate::mapping).toList());
        values.put("add_generation_prompt", cue);
        values.put("tools", Optional.empty());
        values.put("documents", Optional.empty());
        try {
            return template.render(values, clock);
        } catch (TemplateException e) {
            throw new IllegalArgumentException("the chat template refuses: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> mapping(ChatMessage message) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        mapping.put("role", message.role());
        mapping.put("content", message.content());
        return mapping;
    }
}
