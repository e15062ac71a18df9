package org.learningdynamics.report;

/**
 * What a report shows.
 *
 * @param title heading of the page
 * @param texts whether prompts and responses are shown
 * @param maxProbes most probes that can be looked at one by one; statistics always use all
 */
public record ReportOptions(String title, TextUse texts, int maxProbes) {
    /** Heading if none is given. */
    public static final String DEFAULT_TITLE = "Learning dynamics";

    /** Most probes with details if nothing else is said. */
    public static final int DEFAULT_MAX_PROBES = 500;

    /** The options without further choice. */
    public static final ReportOptions DEFAULT =
            new ReportOptions(DEFAULT_TITLE, TextUse.SHOWN, DEFAULT_MAX_PROBES);

    /**
     * Checks the number of probes.
     *
     * @param title heading of the page
     * @param texts whether prompts and responses are shown
     * @param maxProbes most probes that can be looked at one by one
     * @throws IllegalArgumentException if {@code maxProbes} is negative
     */
    public ReportOptions {
        if (maxProbes < 0) {
            throw new IllegalArgumentException("maxProbes must be >= 0, got " + maxProbes);
        }
    }

    /**
     * Changes the heading.
     *
     * @param heading heading of the page
     * @return the changed options
     */
    public ReportOptions title(String heading) {
        return new ReportOptions(heading, texts, maxProbes);
    }

    /**
     * Shows prompts and responses or leaves them out.
     *
     * @param use whether they are shown
     * @return the changed options
     */
    public ReportOptions texts(TextUse use) {
        return new ReportOptions(title, use, maxProbes);
    }

    /**
     * Limits the probes that can be looked at one by one.
     *
     * @param probes how many, 0 for none
     * @return the changed options
     * @throws IllegalArgumentException if it is negative
     */
    public ReportOptions maxProbes(int probes) {
        return new ReportOptions(title, texts, probes);
    }
}
