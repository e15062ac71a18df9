package org.learningdynamics.samples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.data.BadLines;
import org.learningdynamics.data.ChatTemplate;
import org.learningdynamics.data.Examples;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.KeepPrompt;
import org.learningdynamics.data.PreferenceExample;
import org.learningdynamics.data.ResponsesExample;
import org.learningdynamics.data.TextSource;
import org.learningdynamics.data.Truncation;
import org.learningdynamics.probe.ProbeDerivation;
import org.learningdynamics.probe.ProbeSet;
import picocli.CommandLine.Option;

/** What is learnt, what is watched, and how text becomes tokens. */
final class DataOptions {
    private static final int DEFAULT_PROBES = 50;
    private static final double HELD_OUT_SHARE = 0.1;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "Preferences, JSON Lines: {\"prompt\", \"chosen\", \"rejected\"}.")
    private Path data = Path.of("");

    @Option(
            names = "--probes",
            paramLabel = "FILE",
            description =
                    "Probes, JSON Lines: a prompt and any named responses. Without it the first"
                            + " --probe-count preferences are watched, with derived kinds.")
    private @Nullable Path probes;

    @Option(
            names = "--probe-count",
            paramLabel = "N",
            description = "Watch the first N probes only (default without --probes: 50).")
    private @Nullable Integer probeCount;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Learn from the first N preferences only.")
    private @Nullable Integer limit;

    @Option(
            names = "--bad-lines",
            defaultValue = "fail",
            description = "A line that cannot be read: ${COMPLETION-CANDIDATES} (default: fail).")
    private BadLines badLines = BadLines.FAIL;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "512",
            description = "Longest sequence, tokens (default: ${DEFAULT-VALUE}).")
    private int maxLength;

    @Option(
            names = "--max-prompt-length",
            paramLabel = "N",
            defaultValue = "256",
            description = "Longest prompt, tokens (default: ${DEFAULT-VALUE}).")
    private int maxPromptLength;

    @Option(
            names = "--keep-prompt",
            defaultValue = "end",
            description =
                    "What stays of a truncated prompt: ${COMPLETION-CANDIDATES} (default: end).")
    private KeepPrompt keepPrompt = KeepPrompt.END;

    /** Training pairs and probes. */
    record Loaded(List<PreferenceExample> pairs, ProbeSet probes) {}

    /**
     * Reads both files.
     *
     * @param template how conversations become text
     */
    Loaded load(long seed, Console console, Optional<ChatTemplate> template) {
        JsonLines reader = reader(badLines, template);
        List<PreferenceExample> all = preferences(data, reader, limit, console);
        if (probes != null) {
            ProbeSet set = probes(probes, reader, console);
            int count = Optional.ofNullable(probeCount).orElse(set.size());
            return new Loaded(all, set.subset(Math.min(count, set.size())));
        }
        int heldOut = Math.max(1, (int) (HELD_OUT_SHARE * all.size()));
        List<PreferenceExample> train = all.subList(0, all.size() - heldOut);
        if (train.isEmpty()) {
            throw new IllegalArgumentException(
                    "deriving probes needs at least 2 preferences, got " + all.size());
        }
        int count = Optional.ofNullable(probeCount).orElse(DEFAULT_PROBES);
        ProbeSet derived =
                ProbeDerivation.of(all.subList(train.size(), all.size()), seed)
                        .derive(name(data), train.subList(0, Math.min(count, train.size())));
        return new Loaded(train, derived);
    }

    Truncation truncation() {
        return new Truncation(maxLength, maxPromptLength, keepPrompt);
    }

    static JsonLines reader(BadLines badLines, Optional<ChatTemplate> template) {
        JsonLines reader = JsonLines.reader(badLines);
        return template.map(reader::template).orElse(reader);
    }

    static ProbeSet probes(Path file, JsonLines reader, Console console) {
        Examples<ResponsesExample> watched = reader.responses(TextSource.file(file));
        tellSkipped(watched, console);
        return ProbeSet.of(name(file), watched);
    }

    static List<PreferenceExample> preferences(
            Path file, JsonLines reader, @Nullable Integer limit, Console console) {
        Examples<PreferenceExample> examples = reader.preferences(TextSource.file(file));
        tellSkipped(examples, console);
        List<PreferenceExample> all = examples.examples();
        if (limit == null) {
            return all;
        }
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        return all.subList(0, Math.min(limit, all.size()));
    }

    private static void tellSkipped(Examples<?> examples, Console console) {
        if (examples.skippedLines() > 0) {
            console.say(examples.skippedReport());
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.jsonl?$", "");
    }
}
