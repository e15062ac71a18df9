package org.learningdynamics.measure;

/**
 * Checks of label arrays, with errors that name the row. A label is the class, or the next token,
 * at a position; negative labels are masked.
 */
public final class Labels {
    private Labels() {}

    /**
     * Checks that every row holds at least one unmasked label, all rows are equally long and no
     * label lies beyond the vocabulary. An empty text with its end-of-sequence token is a response
     * of one token and passes.
     *
     * @param labels negative = masked // [rows][length]
     * @param classes number of classes or vocabulary entries
     * @return number of unmasked labels
     * @throws IllegalArgumentException naming the first row that fails
     */
    public static long requireResponses(int[][] labels, int classes) {
        if (labels.length == 0) {
            throw new IllegalArgumentException("labels must have at least one row, got 0");
        }
        return requireResponses(labels, labels.length, labels[0].length, classes);
    }

    static long requireResponses(int[][] labels, long rows, long length, int classes) {
        if (labels.length != rows) {
            throw new IllegalArgumentException(
                    "labels must have one row per row of logits, got "
                            + labels.length
                            + " for "
                            + rows);
        }
        long count = 0;
        for (int row = 0; row < labels.length; row++) {
            count += requireRow(labels[row], row, length, classes);
        }
        return count;
    }

    private static int requireRow(int[] labels, int row, long length, int classes) {
        if (labels.length != length) {
            throw new IllegalArgumentException(
                    "labels of row "
                            + row
                            + " must have length "
                            + length
                            + ", got "
                            + labels.length);
        }
        int count = 0;
        for (int position = 0; position < labels.length; position++) {
            if (labels[position] >= classes) {
                throw new IllegalArgumentException(
                        "label must be < "
                                + classes
                                + ", got "
                                + labels[position]
                                + " in row "
                                + row
                                + ", position "
                                + position);
            }
            count += labels[position] >= 0 ? 1 : 0;
        }
        if (count == 0) {
            throw new IllegalArgumentException(
                    "row " + row + " has no unmasked position: at least one label must be >= 0");
        }
        return count;
    }
}
