package org.learningdynamics.samples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ChatMessage;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.Examples;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.PromptExample;
import org.learningdynamics.data.TextSource;
import picocli.CommandLine.Option;

/** What a model is asked. */
final class PromptOptions {
    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "What to continue; may be given several times.")
    private List<String> prompts = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Prompts, JSON Lines: {\"prompt\"}, a text or a conversation.")
    private @Nullable Path data;

    @Option(
            names = "--chat",
            description = "A --prompt is what a user says, written by the model's chat template.")
    private boolean chat;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only the first N prompts of the file.")
    private @Nullable Integer limit;

    @Option(
            names = "--bad-lines",
            defaultValue = "fail",
            description = "A line that cannot be read: ${COMPLETION-CANDIDATES} (default: fail).")
    private BadLines badLines = BadLines.FAIL;

    /** Prompts by number: a file's line, or the place on the command line. */
    List<PromptExample> load(ChatTemplate template, Console console) {
        if (prompts.isEmpty() == (data == null)) {
            throw new IllegalArgumentException(
                    "one of --prompt and --data is needed, got "
                            + (data == null ? "neither" : "both"));
        }
        return data == null ? given(template) : read(data, template, console);
    }

    private List<PromptExample> given(ChatTemplate template) {
        List<PromptExample> given = new ArrayList<>();
        for (String prompt : prompts) {
            String text = chat ? template.prompt(List.of(new ChatMessage("user", prompt))) : prompt;
            given.add(new PromptExample(given.size() + 1L, text));
        }
        return given;
    }

    private List<PromptExample> read(Path file, ChatTemplate template, Console console) {
        Examples<PromptExample> read =
                JsonLines.reader(badLines).template(template).prompts(TextSource.file(file));
        if (read.skippedLines() > 0) {
            console.say(read.skippedReport());
        }
        int count = limit == null ? read.examples().size() : limit;
        if (count < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + count);
        }
        return read.examples().subList(0, Math.min(count, read.examples().size()));
    }

    /** Refuses prompts that a model cannot take. */
    static void check(List<PromptExample> prompts, OpenedModel model) {
        int longest = model.model().config().maxLength();
        for (PromptExample prompt : prompts) {
            int length = model.tokenizer().encodePrompt(prompt.prompt()).length;
            if (length > longest) {
                throw new DataException(
                        "prompt "
                                + prompt.id()
                                + " must have at most "
                                + longest
                                + " tokens, which is what the model takes, got "
                                + length
                                + "; --max-prompt-length cuts it");
            }
        }
    }
}
