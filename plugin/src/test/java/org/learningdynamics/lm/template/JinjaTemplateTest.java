package org.learningdynamics.lm.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden texts are Jinja2's, by templates.py beside the templates. */
class JinjaTemplateTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-05T16:07:09Z"), ZoneOffset.UTC);

    @TestFactory
    Stream<DynamicTest> rendersAsJinjaDoes() throws IOException {
        JsonObject golden = JsonParser.parseString(resource("golden.json")).getAsJsonObject();
        JsonObject conversations =
                JsonParser.parseString(resource("messages.json")).getAsJsonObject();
        return golden.keySet().stream()
                .map(
                        name -> {
                            String[] parts = name.split(" ", -1);
                            List<Object> messages = messages(conversations.get(parts[1]));
                            boolean cue = parts[2].equals("true");
                            String expected = golden.get(name).getAsString();
                            return DynamicTest.dynamicTest(
                                    name,
                                    () -> assertEquals(expected, render(parts[0], messages, cue)));
                        });
    }

    private static List<Object> messages(JsonElement array) {
        List<Object> messages = new ArrayList<>();
        for (JsonElement element : array.getAsJsonArray()) {
            Map<String, Object> message = new LinkedHashMap<>();
            element.getAsJsonObject()
                    .entrySet()
                    .forEach(e -> message.put(e.getKey(), e.getValue().getAsString()));
            messages.add(message);
        }
        return messages;
    }

    private static String render(String template, List<Object> messages, boolean cue)
            throws IOException {
        return JinjaTemplate.parse(resource(template + ".jinja"))
                .render(
                        Map.of(
                                "messages",
                                messages,
                                "tools",
                                Optional.empty(),
                                "documents",
                                Optional.empty(),
                                "add_generation_prompt",
                                cue,
                                "bos_token",
                                "<s>",
                                "eos_token",
                                "</s>"),
                        CLOCK);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String render(String source) {
        return JinjaTemplate.parse(source).render(Map.of("text", "abc"), CLOCK);
    }

    @Test
    void theDateIsTheClocks() {
        assertEquals(
                "05 Mar 2026 16:07:09 Thursday 05:026 100%",
                render("{{ strftime_now('%d %b %Y %T %A %d:0%y 100%%') }}"));
    }

    @Test
    void aTemplateSeesNoJavaObject() {
        for (String source :
                List.of(
                        "{{ text.getClass() }}",
                        "{{ text.class.forName('java.lang.Runtime') }}",
                        "{{ text['class'] }}",
                        "{{ text.__class__.__mro__ }}",
                        "{{ messages.add(1) }}",
                        "{{ [].append(1) }}",
                        "{% include 'file' %}",
                        "{% import 'file' as f %}")) {
            assertThrows(TemplateException.class, () -> render(source), source);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{{ range(999992999999) }}",
                "{{ 'x' * 99999999999 }}",
                "{% set ns = namespace(t='ab') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t"
                        + " %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t"
                        + " %}{% endfor %}",
                "{% set big = 'x' * 2999999 %}{% for i in range(9) %}{{ big }}{% endfor %}",
                "{% set big = 'x' * 2999999 %}{{ big.replace('x', big) }}",
                "{% set big = 'x' * 2999999 %}{{ [big, big, big]|join }}",
                "{% set big = 'x' * 2999999 %}{% for i in range(99999) %}{{ big|upper|length }}{%"
                        + " endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
            })
    void anEndlessTemplateEnds(String source) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThrows(TemplateException.class, () -> render(source)));
    }

    @Test
    void longTemplatesAreReadInTimeOfTheirLength() {
        String source = "a{{ 1 }}\n{# no #}".repeat(50_000) + "{{ nothing }}{{ text ! }}";
        String message =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(60),
                        () ->
                                assertThrows(TemplateException.class, () -> render(source))
                                        .getMessage());
        assertEquals("line 50001: unexpected character '!'", message);
        String tooLong = "a".repeat(JinjaTemplate.MAX_LENGTH + 1);
        assertThrows(TemplateException.class, () -> render(tooLong));
    }

    @Test
    void deepTemplatesAreRefused() {
        String brackets = "{{ " + "(".repeat(5000) + ")".repeat(5000) + " }}";
        String blocks = "{% if true %}".repeat(5000) + "{% endif %}".repeat(5000);
        assertThrows(TemplateException.class, () -> render(brackets));
        assertThrows(TemplateException.class, () -> render(blocks));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{{ raise_exception('Roles must alternate') }} | Roles must alternate",
                "{{ nothing.content }} | 'nothing' is undefined",
                "{{ nothing() }} | 'nothing' is undefined",
                "{{ nothing < 1 }} | 'nothing' is undefined",
                "{% for x in nothing %}{% endfor %} | 'nothing' is undefined",
                "{{ text.role.name }} | attribute 'role' is undefined",
                "{{ 1 + 'a' }} | + does not take 1 and 'a'",
                "{{ 1 // 0 }} | division by zero",
                "{{ 9223372036854775807 + 1 }} | integers must have at most 64 bits",
                "{{ 99999999999999999999 }} | line 1: integers must have at most 64 bits",
                "{{ text is wild }} | the test wild is not supported",
                "{{ text.encode() }} | the method encode is not supported",
                "{{ text[1:2:0] }} | a slice must have a step other than 0, got 0",
                "{% set text.x = 1 %} | text must be a namespace to set its x",
                "{% block x %}{% endblock %} | line 1: the block block is not supported",
                "{% if true %} | line 1: expected endif, got the end",
                "{% for x in text %}{% endif %} | line 1: expected endfor, got endif",
                "{% endif %} | line 1: unexpected endif",
                "{{ text | line 1: {{ is never closed",
                "{{ text text }} | line 1: expected the end of the tag, got text",
                "{{ 'abc }} | line 1: {{ is never closed",
                "{{ text ! }} | line 1: unexpected character '!'",
                "{{ }} | line 1: expected an expression, got the end of the tag",
            })
    void saysWhatIsWrong(String source, String words) {
        String message = assertThrows(TemplateException.class, () -> render(source)).getMessage();
        assertTrue(message.startsWith(words), message);
    }

    @Test
    void anUnsupportedFilterIsRefusedWhereItIsReached() {
        assertEquals("", render("{% if false %}{{ text|xmlattr }}{% endif %}"));
        String message =
                assertThrows(TemplateException.class, () -> render("{{ text|xmlattr }}"))
                        .getMessage();
        assertTrue(message.contains("the filter xmlattr is not supported"), message);
    }

    @Test
    void innerScopesLeaveOuterOnesAsTheyAre() {
        assertEquals(
                "1", render("{% set x = 1 %}{% for i in [2] %}{% set x = i %}{% endfor %}{{ x }}"));
        assertEquals("2", render("{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}"));
    }

    @Test
    void textsAreCutByCharactersNotByHalfPairs() {
        String source =
                "{% set t = 'a\uD83D\uDE00b' %}{{ t[1] }}|{{ t[1:] }}|{{ t[::-1] }}|{{ t[-1] }}";
        assertEquals("\uD83D\uDE00|\uD83D\uDE00b|b\uD83D\uDE00a|b", render(source));
    }

    @Test
    void rawTextIsNotRead() {
        assertEquals("a{{ b }}{% c %}d", render("a{% raw %}{{ b }}{% c %}{% endraw %}d"));
    }
}
