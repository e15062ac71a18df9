package org.learningdynamics.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads examples from JSON Lines: one strict JSON object a line, UTF-8, ends of line LF or CRLF; a
 * byte-order mark and blank lines are passed over. A key that occurs twice, malformed UTF-8 and
 * half surrogate pairs make a line bad.
 *
 * <p>Texts are strings, or conversations {@code [{"role": …, "content": …}]}, which become text by
 * a {@link ChatTemplate}, that of HH unless {@link #template} says otherwise. Keys that a format
 * does not know are passed over, except in the probe format, where each is a response kind. Memory:
 * one line and the examples read.
 */
public final class JsonLines {
    /** A line may be this long by default, 16 MiB. */
    public static final int DEFAULT_MAX_LINE_BYTES = 16 << 20;

    private final BadLines badLines;
    private final int maxLineBytes;
    private final ExampleParser parser;

    private JsonLines(BadLines badLines, int maxLineBytes, ExampleParser parser) {
        this.badLines = badLines;
        this.maxLineBytes = maxLineBytes;
        this.parser = parser;
    }

    /**
     * A reader with the default limit of a line's length.
     *
     * @param badLines what to do with bad lines
     * @return the reader
     */
    public static JsonLines reader(BadLines badLines) {
        return new JsonLines(
                badLines, DEFAULT_MAX_LINE_BYTES, new ExampleParser(ChatTemplate.hh()));
    }

    /**
     * The same reader with another limit.
     *
     * @param bytes a longer line is a bad line, at least 2
     * @return a new reader
     */
    public JsonLines maxLineBytes(int bytes) {
        if (bytes < 2) {
            throw new IllegalArgumentException("maxLineBytes must be >= 2, got " + bytes);
        }
        return new JsonLines(badLines, bytes, parser);
    }

    /**
     * The same reader with another template for conversations.
     *
     * @param template writes them as text
     * @return a new reader
     */
    public JsonLines template(ChatTemplate template) {
        return new JsonLines(badLines, maxLineBytes, new ExampleParser(template));
    }

    /**
     * Preferences: {@code {"prompt", "chosen", "rejected"}}, or without {@code prompt}, which is
     * then the longest common beginning of both: of whole messages in conversations; in strings up
     * to the first differing character, without one space at its end.
     *
     * @param source where from
     * @return the examples
     * @throws DataException if the source cannot be read, has a bad line under {@link
     *     BadLines#FAIL}, or has no good line
     */
    public Examples<PreferenceExample> preferences(TextSource source) {
        return read(source, parser::preference);
    }

    /**
     * Prompts with one response: {@code {"prompt", "completion"}}, or a conversation {@code
     * {"messages"}}, whose last message is the response.
     *
     * @param source where from
     * @return the examples
     * @throws DataException as for {@link #preferences}
     */
    public Examples<CompletionExample> completions(TextSource source) {
        return read(source, parser::completion);
    }

    /**
     * Judged responses: {@code {"prompt", "completion", "label"}} with a boolean label.
     *
     * @param source where from
     * @return the examples
     * @throws DataException as for {@link #preferences}
     */
    public Examples<UnpairedExample> unpaired(TextSource source) {
        return read(source, parser::unpaired);
    }

    /**
     * Prompts alone: {@code {"prompt"}}, or a conversation {@code {"messages"}}, of which an answer
     * at its end is left out.
     *
     * @param source where from
     * @return the examples
     * @throws DataException as for {@link #preferences}
     */
    public Examples<PromptExample> prompts(TextSource source) {
        return read(source, parser::prompt);
    }

    /**
     * The probe format: {@code prompt}, and every other key names a response kind.
     *
     * @param source where from
     * @return the examples
     * @throws DataException as for {@link #preferences}
     */
    public Examples<ResponsesExample> responses(TextSource source) {
        return read(source, parser::responses);
    }

    /**
     * One line of the probe format, for a file that something else cuts into lines. What is done
     * about a bad line is the caller's choice, whatever this reader's.
     *
     * @param source name of the file in messages
     * @param number the line's number, from 1
     * @param line its bytes without the LF
     * @return the example, empty for a blank line
     * @throws DataException naming file, line and rule if the line is bad
     */
    public Optional<ResponsesExample> responses(String source, long number, byte[] line) {
        try {
            if (line.length > maxLineBytes) {
                throw LineReader.tooLong(maxLineBytes);
            }
            String text = LineReader.text(number, line);
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(parser.responses(number, StrictJson.object(text)));
        } catch (BadLineException e) {
            throw new DataException(source + ":" + number + ": " + e.reason(), e);
        }
    }

    private <T extends Example> Examples<T> read(TextSource source, ExampleFormat<T> format) {
        List<T> examples = new ArrayList<>();
        Skipped skipped = new Skipped(source.name(), badLines);
        try (LineReader lines = new LineReader(source, maxLineBytes)) {
            while (lines.advance()) {
                try {
                    String text = lines.text();
                    if (!text.isBlank()) {
                        examples.add(format.parse(lines.number(), StrictJson.object(text)));
                    }
                } catch (BadLineException e) {
                    skipped.add(lines.number(), e);
                }
            }
            if (examples.isEmpty()) {
                throw skipped.nothingLeft();
            }
            return skipped.result(lines.sha256(), examples);
        }
    }

    /** Applies the policy and keeps count. */
    private static final class Skipped {
        private final String source;
        private final BadLines policy;
        private final List<SkippedLine> first = new ArrayList<>();
        private long count;

        Skipped(String source, BadLines policy) {
            this.source = source;
            this.policy = policy;
        }

        void add(long line, BadLineException bad) {
            if (policy == BadLines.FAIL) {
                throw new DataException(source + ":" + line + ": " + bad.reason(), bad);
            }
            count++;
            if (first.size() < Examples.MAX_REPORTED) {
                first.add(new SkippedLine(line, bad.reason()));
            }
        }

        DataException nothingLeft() {
            String why =
                    first.isEmpty()
                            ? ""
                            : ": all "
                                    + count
                                    + " lines are bad, line "
                                    + first.get(0).line()
                                    + ": "
                                    + first.get(0).reason();
            return new DataException(source + ": holds no example" + why);
        }

        <T extends Example> Examples<T> result(String sha256, List<T> examples) {
            return new Examples<>(source, sha256, examples, count, first);
        }
    }
}
