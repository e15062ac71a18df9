package org.learningdynamics.data;

import java.util.List;

/**
 * What was read from one source, with its provenance.
 *
 * @param source name of the source, as in messages
 * @param sha256 SHA-256 of the source's bytes, hexadecimal
 * @param examples the examples in file order, at least one
 * @param skippedLines number of bad lines left out
 * @param skipped the first of them, at most {@link #MAX_REPORTED}
 * @param <T> type of example
 */
public record Examples<T extends Example>(
        String source,
        String sha256,
        List<T> examples,
        long skippedLines,
        List<SkippedLine> skipped) {
    /** No more skipped lines than this are kept for the report. */
    public static final int MAX_REPORTED = 100;

    /**
     * Copies the lists.
     *
     * @param source name of the source
     * @param sha256 digest of its bytes
     * @param examples the examples
     * @param skippedLines number of bad lines
     * @param skipped the first of them
     */
    public Examples {
        examples = List.copyOf(examples);
        skipped = List.copyOf(skipped);
    }

    /**
     * One sentence about what was left out, for a log.
     *
     * @return for example {@code data.jsonl: 2 of 10 lines skipped, the first at data.jsonl:3: …}
     */
    public String skippedReport() {
        long lines = examples.size() + skippedLines;
        String report = source + ": " + skippedLines + " of " + lines + " lines skipped";
        if (skipped.isEmpty()) {
            return report;
        }
        SkippedLine first = skipped.get(0);
        return report + ", the first at " + source + ":" + first.line() + ": " + first.reason();
    }
}
