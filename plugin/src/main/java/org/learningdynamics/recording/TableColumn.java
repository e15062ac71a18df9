package org.learningdynamics.recording;

import java.util.List;
import java.util.function.Predicate;

/** A column of a {@link RunTable}: its name, what it holds, and which values it takes. */
public final class TableColumn {
    private static final int SHOWN = 60;

    /** What NULL in the run file says about a number. */
    enum Gap {
        /** Nothing: the column has none. */
        NONE,
        /** It was measured and is NaN. */
        NAN,
        /** It was not measured. */
        NOT_MEASURED,
        /** The row and the header tell. */
        BY_ROW
    }

    private final String name;
    private final ColumnType type;
    private final Gap gap;
    private final String rule;
    private final Predicate<Cell> accepts;

    private TableColumn(
            String name, ColumnType type, Gap gap, String rule, Predicate<Cell> accepts) {
        this.name = name;
        this.type = type;
        this.gap = gap;
        this.rule = rule;
        this.accepts = accepts;
    }

    static TableColumn whole(String name, long least, long most) {
        return new TableColumn(
                name,
                ColumnType.WHOLE,
                Gap.NONE,
                "a whole number from " + least + " to " + most,
                cell -> cell instanceof Cell.Whole it && it.value() >= least && it.value() <= most);
    }

    /** An identifier: any 32-bit number. */
    static TableColumn id(String name) {
        return whole(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A 32-bit number from 0 on. */
    static TableColumn count(String name) {
        return whole(name, 0, Integer.MAX_VALUE);
    }

    /** A 64-bit number from 0 on. */
    static TableColumn counter(String name) {
        return whole(name, 0, Long.MAX_VALUE);
    }

    static TableColumn anyLong(String name) {
        return whole(name, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** A number that is always measured, NaN included. */
    static TableColumn real(String name) {
        return new TableColumn(
                name,
                ColumnType.REAL,
                Gap.NAN,
                "a number or NaN, as it is always measured",
                cell -> cell instanceof Cell.Real);
    }

    /** A number that is absent where it is NULL; it is never NaN. */
    static TableColumn optional(String name, double least) {
        String bound = least > Double.NEGATIVE_INFINITY ? " >= " + least : "";
        return new TableColumn(
                name,
                ColumnType.REAL,
                Gap.NOT_MEASURED,
                "a number" + bound + ", not NaN, or not measured",
                cell ->
                        cell == Cell.Absent.NOT_MEASURED
                                || (cell instanceof Cell.Real it && it.value() >= least));
    }

    static TableColumn optional(String name) {
        return optional(name, Double.NEGATIVE_INFINITY);
    }

    /** A number of which the row and the header tell whether NULL is NaN. */
    static TableColumn measuredByRow(String name) {
        return new TableColumn(
                name,
                ColumnType.REAL,
                Gap.BY_ROW,
                "a number, NaN or not measured",
                cell -> cell instanceof Cell.Real || cell == Cell.Absent.NOT_MEASURED);
    }

    static TableColumn text(String name) {
        return texts(name, "a text", value -> true);
    }

    static TableColumn filled(String name) {
        return texts(name, "a text that is not blank", value -> !value.isBlank());
    }

    static TableColumn emptyOrFilled(String name) {
        return texts(
                name,
                "empty or a text that is not blank",
                value -> value.isEmpty() || !value.isBlank());
    }

    static TableColumn oneOf(String name, String... allowed) {
        List<String> all = List.of(allowed);
        return texts(name, "one of " + all, all::contains);
    }

    private static TableColumn texts(String name, String rule, Predicate<String> accepts) {
        return new TableColumn(
                name,
                ColumnType.TEXT,
                Gap.NONE,
                rule,
                cell -> cell instanceof Cell.Text it && accepts.test(it.value()));
    }

    static TableColumn floats(String name) {
        return new TableColumn(
                name,
                ColumnType.FLOATS,
                Gap.NONE,
                ColumnType.FLOATS.toString(),
                cell -> cell instanceof Cell.Floats);
    }

    /**
     * The name in the run file.
     *
     * @return lower case with underscores
     */
    public String name() {
        return name;
    }

    /**
     * What the cells hold.
     *
     * @return the type
     */
    public ColumnType type() {
        return type;
    }

    Gap gap() {
        return gap;
    }

    /**
     * Checks a value against the column's rule.
     *
     * @param cell the value
     * @throws IllegalArgumentException if the column takes no such value; the message says column,
     *     rule and value
     */
    void check(Cell cell) {
        if (!accepts.test(cell)) {
            throw new IllegalArgumentException(name + " must be " + rule + ", got " + show(cell));
        }
    }

    static String show(Cell cell) {
        if (cell instanceof Cell.Whole it) {
            return Long.toString(it.value());
        } else if (cell instanceof Cell.Real it) {
            return Double.toString(it.value());
        } else if (cell instanceof Cell.Text it) {
            String text = it.value();
            return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + "\"";
        } else if (cell instanceof Cell.Floats it) {
            return it.values().columns() + " numbers";
        }
        return "nothing";
    }

    @Override
    public String toString() {
        return name;
    }
}
