package org.learningdynamics.measure;

/** Checks labels against the shape of the logits, with errors that name the row. */
final class LabelCheck {
    private LabelCheck() {}

    /** Number of unmasked labels. */
    static long countUnmasked(int[][] labels, long rows, long length, int classes) {
        if (labels.length != rows) {
            throw new IllegalArgumentException(
                    "labels must have one row per row of logits, got "
                            + labels.length
                            + " for "
                            + rows);
        }
        long count = 0;
        for (int row = 0; row < labels.length; row++) {
            count += countRow(labels[row], row, length, classes);
        }
        return count;
    }

    private static int countRow(int[] labels, int row, long length, int classes) {
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
