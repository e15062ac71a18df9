package org.learningdynamics.report;

/**
 * How much fits on a terminal.
 *
 * @param columns characters a line
 * @param rows lines
 */
public record TerminalSize(int columns, int rows) {
    /** The size of terminals that do not tell theirs. */
    public static final TerminalSize DEFAULT = new TerminalSize(80, 24);

    /**
     * Checks the size.
     *
     * @param columns characters a line
     * @param rows lines
     * @throws IllegalArgumentException if one is below 1
     */
    public TerminalSize {
        if (columns < 1 || rows < 1) {
            throw new IllegalArgumentException(
                    "columns and rows must be >= 1, got " + columns + " and " + rows);
        }
    }
}
