package org.learningdynamics.lm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ChatMessage;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.CompletionExample;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.EncodedResponse;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.PromptExample;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;

class PretrainedChatTemplateTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String CHATML =
            "{% for m in messages %}<|im_start|>{{ m.role + '\\n' + m.content }}<|im_end|>\n"
                    + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    private static final ChatMessage USER = new ChatMessage("user", "the cat");
    private static final ChatMessage ANSWER = new ChatMessage("assistant", "sat");

    @TempDir Path folder;

    @Test
    void promptAndResponseTogetherAreTheConversationAndEndOnce() {
        ChatTemplate template = withTemplate(CHATML);
        String prompt = template.prompt(List.of(USER));
        assertEquals("<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>assistant\n", prompt);
        assertEquals("sat", template.response(List.of(USER), List.of(ANSWER)));
        assertEquals(
                "sat<|im_end|>\n<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\nso",
                template.response(
                        List.of(USER),
                        List.of(
                                ANSWER,
                                new ChatMessage("user", "why"),
                                new ChatMessage("assistant", "so"))));
        PretrainedTokenizer tokenizer = PretrainedTokenizer.load(folder);
        EncodedResponse row =
                new SequenceEncoder(tokenizer, new Truncation(500, 400, KeepPrompt.END))
                        .encode(prompt, "sat");
        int[] conversation =
                tokenizer.encode("<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>assistant\n");
        int[] answer = tokenizer.encode("sat<|im_end|>");
        assertArrayEquals(
                Stream.of(conversation, answer).flatMapToInt(Arrays::stream).toArray(),
                row.tokens());
    }

    @Test
    void conversationsOfAllFormatsAreWrittenByTheTemplate() {
        JsonLines lines = JsonLines.reader(BadLines.FAIL).template(withTemplate(CHATML));
        String user = "{\"role\":\"user\",\"content\":\"Hi\"}";
        String prompt = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
        PreferenceExample pair =
                lines.preferences(
                                text(
                                        "{\"prompt\":["
                                                + user
                                                + "],\"chosen\":["
                                                + answer("A")
                                                + "],\"rejected\":["
                                                + answer("B")
                                                + "]}"))
                        .examples()
                        .get(0);
        assertEquals(new PreferenceExample(1, prompt, "A", "B"), pair);
        PreferenceExample implicit =
                lines.preferences(
                                text(
                                        "{\"chosen\":["
                                                + user
                                                + ","
                                                + answer("A")
                                                + "],\"rejected\":["
                                                + user
                                                + ","
                                                + answer("B")
                                                + "]}"))
                        .examples()
                        .get(0);
        assertEquals(pair, implicit);
        CompletionExample whole =
                lines.completions(text("{\"messages\":[" + user + "," + answer("A") + "]}"))
                        .examples()
                        .get(0);
        assertEquals(new CompletionExample(1, prompt, "A"), whole);
        CompletionExample apart =
                lines.completions(
                                text(
                                        "{\"prompt\":["
                                                + user
                                                + "],\"completion\":["
                                                + answer("A")
                                                + "]}"))
                        .examples()
                        .get(0);
        assertEquals(whole, apart);
        for (String line :
                List.of(
                        "{\"prompt\":[" + user + "]}",
                        "{\"messages\":[" + user + "]}",
                        "{\"messages\":[" + user + "," + answer("A") + "]}")) {
            assertEquals(
                    List.of(new PromptExample(1, prompt)), lines.prompts(text(line)).examples());
        }
    }

    private static String answer(String content) {
        return "{\"role\":\"assistant\",\"content\":\"" + content + "\"}";
    }

    private static TextSource text(String line) {
        return TextSource.text("test", line);
    }

    @Test
    void theFileOfItsOwnComesFirstAndNamedOnesAreFound() throws IOException {
        assertTrue(PretrainedChatTemplate.load(folder, CLOCK).isEmpty());
        write(List.of(named("default", "one"), named("tools", "two")));
        assertEquals("one", load().prompt(List.of(USER)));
        assertEquals(
                "two",
                PretrainedChatTemplate.load(folder, "tools", CLOCK)
                        .orElseThrow()
                        .prompt(List.of(USER)));
        assertTrue(PretrainedChatTemplate.load(folder, "other", CLOCK).isEmpty());
        Files.writeString(folder.resolve("chat_template.jinja"), "three");
        assertEquals("three", load().prompt(List.of(USER)));
    }

    private static Map<String, String> named(String name, String template) {
        return Map.of("name", name, "template", template);
    }

    @Test
    void aTemplateThatRefusesAConversationMakesTheLineBad() {
        ChatTemplate strict =
                withTemplate(
                        "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}"
                                + "{% endif %}{{ messages[0].content }}");
        ChatMessage system = new ChatMessage("system", "brief");
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> strict.prompt(List.of(system)));
        assertEquals("the chat template refuses: user first", e.getMessage());
        String line =
                "{\"prompt\":[{\"role\":\"system\",\"content\":\"x\"}],\"completion\":["
                        + answer("y")
                        + "]}";
        DataException bad =
                assertThrows(
                        DataException.class,
                        () ->
                                JsonLines.reader(BadLines.FAIL)
                                        .template(strict)
                                        .completions(text(line)));
        assertEquals("test:1: \"prompt\": the chat template refuses: user first", bad.getMessage());
    }

    @Test
    void aPromptMustReadTheSameWithAnAnswerBehindIt() {
        ChatTemplate template =
                withTemplate(
                        "{{ messages|length }}{% for m in messages %}{{ m.content }}{% endfor %}");
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> template.response(List.of(USER), List.of(ANSWER)));
        assertEquals(
                "the chat template must write a prompt the same with an answer behind it",
                e.getMessage());
    }

    @Test
    void refusesABrokenTemplate() {
        write("{% if %}");
        DataException e = assertThrows(DataException.class, this::load);
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "tokenizer_config.json: chat template: line 1: expected an"
                                        + " expression, got the end of the tag"),
                e.getMessage());
    }

    @Test
    void aConversationNeedsAMessage() {
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> withTemplate(CHATML).prompt(List.of()));
        assertEquals("a conversation needs at least one message, got 0", e.getMessage());
    }

    private ChatTemplate withTemplate(String source) {
        SmallTokenizer.QWEN.writeTokenizer(folder);
        write(source);
        return load();
    }

    private void write(Object template) {
        SmallTokenizer.write(
                folder,
                "tokenizer_config.json",
                Map.of("eos_token", "<|im_end|>", "chat_template", template));
    }

    private PretrainedChatTemplate load() {
        return PretrainedChatTemplate.load(folder, CLOCK).orElseThrow();
    }
}
