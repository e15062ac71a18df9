package org.learningdynamics.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {
    private static final JsonLines FAILING = JsonLines.reader(BadLines.FAIL);
    private static final JsonLines SKIPPING = JsonLines.reader(BadLines.SKIP_AND_COUNT);
    private static final String GOOD = "{\"prompt\": \"p\", \"completion\": \"c\"}";

    @TempDir Path dir;

    @Test
    void readsPreferencesWithPrompt() {
        var read =
                FAILING.preferences(
                        text(
                                "{\"rejected\":\" no\",\"prompt\":\"Q?\",\"chosen\":\" yes\",\"score\":3}"));
        assertEquals(List.of(new PreferenceExample(1, "Q?", " yes", " no")), read.examples());
        assertEquals(0, read.skippedLines());
    }

    @Test
    void takesTheCommonBeginningAsPromptAndLeavesItsSpaceToTheResponses() {
        var read = FAILING.preferences(text("{\"chosen\":\"Q: A b\",\"rejected\":\"Q: A c\"}"));
        assertEquals(List.of(new PreferenceExample(1, "Q: A", " b", " c")), read.examples());
    }

    @Test
    void neverCutsASurrogatePairWhenLookingForThePrompt() {
        // Two emoji that share their high surrogate.
        var read =
                FAILING.preferences(
                        text("{\"chosen\":\"x\\uD83D\\uDE00\",\"rejected\":\"x\\uD83D\\uDE01\"}"));
        assertEquals("x", read.examples().get(0).prompt());
        assertEquals("\uD83D\uDE00", read.examples().get(0).chosen());
    }

    @Test
    void acceptsAResponseThatIsTheBeginningOfTheOther() {
        var read = FAILING.preferences(text("{\"chosen\":\"ab\",\"rejected\":\"abc\"}"));
        assertEquals(List.of(new PreferenceExample(1, "ab", "", "c")), read.examples());
    }

    @Test
    void readsCompletionsAndUnpaired() {
        var completions = FAILING.completions(text(GOOD));
        assertEquals(List.of(new CompletionExample(1, "p", "c")), completions.examples());
        var unpaired =
                FAILING.unpaired(text("{\"prompt\":\"p\",\"completion\":\"c\",\"label\":false}"));
        assertEquals(List.of(new UnpairedExample(1, "p", "c", false)), unpaired.examples());
    }

    @Test
    void readsEveryKindOfAProbeInFileOrder() {
        var read =
                FAILING.responses(
                        text(
                                "{\"zeta\":\"\",\"prompt\":\"p\",\"chosen\":\"c\",\"my kind\":\"x\"}"));
        ResponsesExample probe = read.examples().get(0);
        assertEquals(List.of("zeta", "chosen", "my kind"), List.copyOf(probe.responses().keySet()));
        assertEquals("", probe.response("zeta"));
        var missing = assertThrows(DataException.class, () -> probe.response("other"));
        assertEquals(
                "example 1 has no response of kind \"other\"; it has zeta, chosen, my kind",
                missing.getMessage());
    }

    @Test
    void rendersConversations() {
        String user = "{\"role\":\"user\",\"content\":\"Hi\"}";
        String system = "{\"role\":\"system\",\"content\":\"Be brief\"}";
        String answer = "{\"role\":\"assistant\",\"content\":\"Hello\"}";
        var read =
                FAILING.completions(
                        text(
                                "{\"prompt\":[%s,%s],\"completion\":[%s,%s]}"
                                        .formatted(system, user, answer, user)));
        assertEquals(
                "\n\nSystem: Be brief\n\nHuman: Hi\n\nAssistant:", read.examples().get(0).prompt());
        assertEquals(" Hello\n\nHuman: Hi", read.examples().get(0).completion());
    }

    @Test
    void findsThePromptOfConversationsByWholeMessages() {
        String line =
                "{\"chosen\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hey\"}],"
                        + "\"rejected\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"He\"}]}";
        assertEquals(
                new PreferenceExample(1, "\n\nHuman: Hi\n\nAssistant:", " Hey", " He"),
                FAILING.preferences(text(line)).examples().get(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|must be a JSON object, got an array",
                "nonsense|not strict JSON at column 1",
                "{'prompt':1}|not strict JSON at column 3",
                "{\"prompt\":\"p\"|JSON ends early",
                "{\"prompt\":\"p\",\"completion\":\"c\"} x|not strict JSON at column 34",
                "{\"prompt\":\"p\",\"completion\":\"c\"} {}|not strict JSON at column 34",
                "{\"prompt\":\"p\",\"prompt\":\"c\"}|key \"prompt\" occurs twice",
                "{\"prompt\":\"p\",\"x\":{\"a\":1,\"a\":2}}|key \"a\" occurs twice",
                "{\"prompt\":\"p\",\"completoin\":\"c\"}|key \"completion\" is missing; found prompt, completoin",
                "{\"prompt\":\"p\",\"completion\":7}|\"completion\" must be a string or an array of messages, got 7",
                "{\"prompt\":null,\"completion\":\"c\"}|\"prompt\" must be a string or an array of messages, got null",
                "{\"prompt\":\"p\",\"completion\":{}}|\"completion\" must be a string or an array of messages, got an object",
                "{\"prompt\":\"p\",\"completion\":[]}|\"completion\" and \"prompt\" must both be strings or both conversations",
                "{\"prompt\":\"\\uD83D\",\"completion\":\"c\"}|not strict JSON at column 19: Unpaired surrogate characters are not allowed in strict mode",
                "{\"prompt\":\"a	b\"}|not strict JSON at column 12: Unescaped control characters (\\u0000-\\u001F) are not allowed in strict mode",
                "{\"prompt\":[{\"role\":\"tool\",\"content\":\"x\"}],\"completion\":[]}|\"prompt\": role must be system, user or assistant, got tool",
                "{\"prompt\":[{\"role\":\"assistant\",\"content\":\"x\"}],\"completion\":[]}|the last message of a prompt must be from user or system, got assistant",
                "{\"prompt\":[\"x\"],\"completion\":[]}|every message of \"prompt\" must be an object with role and content",
                "{\"prompt\":[],\"completion\":[]}|the first message of response \"completion\" must be from assistant",
            })
    void saysWhereAndWhatIsWrong(String line, String reason) {
        var error =
                assertThrows(
                        DataException.class, () -> FAILING.completions(text(GOOD + "\n" + line)));
        assertEquals("d.jsonl:2: " + reason, error.getMessage());
    }

    @Test
    void refusesEqualResponsesWithoutPrompt() {
        var error =
                assertThrows(
                        DataException.class,
                        () -> FAILING.preferences(text("{\"chosen\":\"a\",\"rejected\":\"a\"}")));
        assertEquals(
                "d.jsonl:1: without a prompt, chosen and rejected must differ: their common"
                        + " beginning is the prompt",
                error.getMessage());
    }

    @Test
    void refusesALabelThatIsNotBoolean() {
        var error =
                assertThrows(
                        DataException.class,
                        () ->
                                FAILING.unpaired(
                                        text(
                                                "{\"prompt\":\"p\",\"completion\":\"c\",\"label\":1}")));
        assertEquals("d.jsonl:1: \"label\" must be true or false, got 1", error.getMessage());
    }

    @Test
    void refusesProbesWithoutResponseOrWithBlankKind() {
        var none =
                assertThrows(
                        DataException.class, () -> FAILING.responses(text("{\"prompt\":\"p\"}")));
        assertEquals("d.jsonl:1: no response beside the prompt", none.getMessage());
        var blank =
                assertThrows(
                        DataException.class,
                        () -> FAILING.responses(text("{\"prompt\":\"p\",\" \":\"x\"}")));
        assertEquals("d.jsonl:1: a response kind must not be blank", blank.getMessage());
    }

    @Test
    void skipsCountsAndReportsBadLines() {
        var read = SKIPPING.completions(text(GOOD + "\n{}\n" + GOOD + "\nx\n"));
        assertEquals(List.of(1L, 3L), read.examples().stream().map(Example::id).toList());
        assertEquals(2, read.skippedLines());
        assertEquals(List.of(2L, 4L), read.skipped().stream().map(SkippedLine::line).toList());
        assertEquals(
                "d.jsonl: 2 of 4 lines skipped, the first at d.jsonl:2: key \"prompt\" is missing;"
                        + " found ",
                read.skippedReport());
    }

    @Test
    void keepsOnlyTheFirstHundredSkippedLinesButCountsAll() {
        var read = SKIPPING.completions(text("x\n".repeat(150) + GOOD));
        assertEquals(150, read.skippedLines());
        assertEquals(100, read.skipped().size());
    }

    @Test
    void refusesSourcesWithoutAnyExample() {
        var empty = assertThrows(DataException.class, () -> FAILING.completions(text("\n \n")));
        assertEquals("d.jsonl: holds no example", empty.getMessage());
        var bad = assertThrows(DataException.class, () -> SKIPPING.completions(text("\n{}\n1\n")));
        assertTrue(
                bad.getMessage()
                        .startsWith("d.jsonl: holds no example: all 2 lines are bad, line 2:"),
                bad.getMessage());
    }

    @Test
    void passesOverByteOrderMarkBlankLinesAndCarriageReturns() throws IOException {
        Path file = file("\uFEFF" + GOOD + "\r\n\r\n" + GOOD + "\r\n");
        var read = FAILING.completions(TextSource.file(file));
        assertEquals(List.of(1L, 3L), read.examples().stream().map(Example::id).toList());
    }

    @Test
    void reportsMalformedUtf8ByLineAndGoesOn() throws IOException {
        Path file = dir.resolve("latin1.jsonl");
        byte[] bad = "{\"prompt\":\"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, concat(bytes(GOOD + "\n"), bad, bytes(GOOD)));
        var read = SKIPPING.completions(TextSource.file(file));
        assertEquals(2, read.examples().size());
        assertEquals(List.of(new SkippedLine(2, "not UTF-8 text")), read.skipped());
    }

    @Test
    void hintsAtCompressedAndUtf16Files() throws IOException {
        Path gz = dir.resolve("x.jsonl.gz");
        Files.write(gz, new byte[] {0x1F, (byte) 0x8B, 8, 0});
        var gzip =
                assertThrows(DataException.class, () -> FAILING.completions(TextSource.file(gz)));
        assertEquals(
                gz + ":1: not UTF-8 text; the file looks gzip-compressed, unpack it first",
                gzip.getMessage());
        Path wide = dir.resolve("wide.jsonl");
        Files.write(wide, ("\uFEFF" + GOOD).getBytes(StandardCharsets.UTF_16LE));
        var utf16 =
                assertThrows(DataException.class, () -> FAILING.completions(TextSource.file(wide)));
        assertTrue(utf16.getMessage().endsWith("looks like UTF-16, convert it to UTF-8"));
    }

    @Test
    void treatsLinesBeyondTheLimitAsBad() {
        var read = SKIPPING.maxLineBytes(64).completions(text("y".repeat(1000) + "\n" + GOOD));
        assertEquals(List.of(new SkippedLine(1, "line is longer than 64 bytes")), read.skipped());
        assertEquals(1, read.examples().size());
        var error = assertThrows(IllegalArgumentException.class, () -> FAILING.maxLineBytes(1));
        assertEquals("maxLineBytes must be >= 2, got 1", error.getMessage());
    }

    @Test
    void readsALongLine() {
        String longText = "word ".repeat(200_000);
        var read =
                FAILING.completions(text("{\"prompt\":\"p\",\"completion\":\"" + longText + "\"}"));
        assertEquals(longText, read.examples().get(0).completion());
    }

    @Test
    void refusesMissingFilesAndDirectories() {
        Path missing = dir.resolve("missing.jsonl");
        var error =
                assertThrows(
                        DataException.class, () -> FAILING.completions(TextSource.file(missing)));
        assertEquals(missing + ": no such file", error.getMessage());
        var directory =
                assertThrows(DataException.class, () -> FAILING.completions(TextSource.file(dir)));
        assertEquals(dir + ": is a directory, a file is needed", directory.getMessage());
        var resource =
                assertThrows(
                        DataException.class,
                        () -> FAILING.completions(TextSource.resource(getClass(), "none.jsonl")));
        assertEquals("none.jsonl: no such resource", resource.getMessage());
    }

    @Test
    void givesTheFilesDigest() throws IOException {
        Path file = file("{\"prompt\":\"p\",\"completion\":\"c\"}\n");
        String digest = FAILING.completions(TextSource.file(file)).sha256();
        assertEquals(Sha256.ofFile(file), digest);
        // printf '{"prompt":"p","completion":"c"}\n' | sha256sum
        assertEquals("3ec86f2ae16d7b394dc8fb31a7813dd59dc706c96e7e2b0a989abcc43aef8e87", digest);
    }

    @Test
    void digestsDependOnTextsAloneAndTellTypesAndFieldsApart() {
        var one = new CompletionExample(1, "ab", "c");
        assertEquals(one.digest(), new CompletionExample(9, "ab", "c").digest());
        assertNotEquals(one.digest(), new CompletionExample(1, "a", "bc").digest());
        assertNotEquals(
                new UnpairedExample(1, "a", "b", true).digest(),
                new UnpairedExample(1, "a", "b", false).digest());
        assertNotEquals(
                new PreferenceExample(1, "a", "b", "c").digest(),
                new PreferenceExample(1, "a", "c", "b").digest());
    }

    @Test
    void digestOfResponsesDoesNotDependOnTheirOrder() {
        var read =
                FAILING.responses(
                        text(
                                """
                             {"prompt":"p","a":"1","b":"2"}
                             {"b":"2","a":"1","prompt":"p"}
                             {"prompt":"p","a":"2","b":"1"}
                             """));
        List<String> digests = read.examples().stream().map(Example::digest).toList();
        assertEquals(digests.get(0), digests.get(1));
        assertNotEquals(digests.get(0), digests.get(2));
    }

    @Test
    void readsBackWhatTheWriterWrote() throws IOException {
        Path file = dir.resolve("out.jsonl");
        Map<String, String> object =
                new java.util.LinkedHashMap<>(Map.of("prompt", "<a> & \"b\"\n\u2028é\uD83D\uDE00"));
        object.put("completion", "");
        JsonLinesWriter.write(file, List.of(object, object));
        assertEquals(2, Files.readAllLines(file).size());
        var read = FAILING.completions(TextSource.file(file)).examples().get(1);
        assertEquals(object.get("prompt"), read.prompt());
        assertEquals("", read.completion());
        var error =
                assertThrows(
                        DataException.class,
                        () -> JsonLinesWriter.write(dir, List.of(Map.of("a", "b"))));
        assertTrue(error.getMessage().startsWith(dir + ": cannot be written"));
    }

    private static TextSource text(String text) {
        return TextSource.text("d.jsonl", text);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(dir.resolve("d.jsonl"), text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[]... parts) {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
