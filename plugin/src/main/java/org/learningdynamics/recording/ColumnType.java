package org.learningdynamics.recording;

/** What the cells of a {@link TableColumn} hold. */
public enum ColumnType {
    /** Whole numbers: {@link Cell.Whole}. */
    WHOLE("a whole number"),
    /** Measured numbers: {@link Cell.Real}, or {@link Cell.Absent} where the column allows it. */
    REAL("a number"),
    /** Texts: {@link Cell.Text}. */
    TEXT("a text"),
    /** The values of a matrix in single precision: {@link Cell.Floats}. */
    FLOATS("numbers of single precision");

    private final String description;

    ColumnType(String description) {
        this.description = description;
    }

    @Override
    public String toString() {
        return description;
    }
}
