package org.learningdynamics.recording;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells for columns whose NULL may mean two things which of them it is: header entries {@code
 * not_measured.likelihood.KIND} and {@code not_measured.step} name the columns, separated by
 * spaces, that a run never measured; a loss is not measured before the first iteration.
 */
final class MeasuredColumns {
    static final String NOT_MEASURED = "not_measured.";

    private static final int ITERATION = 1;
    private static final int KIND = 2;

    private final Map<String, Set<String>> absent = new HashMap<>();

    MeasuredColumns(Map<String, String> header) {
        header.forEach(
                (key, value) -> {
                    if (key.startsWith(NOT_MEASURED)) {
                        String subject = key.substring(NOT_MEASURED.length());
                        absent.put(subject, new java.util.HashSet<>(List.of(value.split(" +"))));
                    }
                });
    }

    /** What NULL in a column of a row stands for; the cells before it must be there. */
    Cell ofNull(RunTable table, TableColumn column, List<Cell> row) {
        boolean measured =
                switch (column.gap()) {
                    case NAN -> true;
                    case BY_ROW -> measured(table, column, row);
                    default -> false;
                };
        return measured ? new Cell.Real(Double.NaN) : Cell.Absent.NOT_MEASURED;
    }

    private boolean measured(RunTable table, TableColumn column, List<Cell> row) {
        if (table == RunTable.STEP) {
            boolean run = ((Cell.Whole) row.get(ITERATION)).value() > 0;
            return run && !named("step", column);
        }
        String kind = ((Cell.Text) row.get(KIND)).value();
        return !named("likelihood." + kind, column);
    }

    private boolean named(String subject, TableColumn column) {
        return absent.getOrDefault(subject, Set.of()).contains(column.name());
    }

    /** Refuses a NaN where NULL means that nothing was measured, and the other way round. */
    void check(RunTable table, TableColumn column, List<Cell> row, Cell cell) {
        if (column.gap() != TableColumn.Gap.BY_ROW || isNumber(cell)) {
            return;
        }
        Cell expected = ofNull(table, column, row);
        if (!expected.equals(cell)) {
            boolean nan = expected instanceof Cell.Real;
            throw new IllegalArgumentException(
                    column.name()
                            + (nan
                                    ? " must be a number or NaN here, as no header entry \""
                                            + NOT_MEASURED
                                            + "…\" names it"
                                    : " must be a number or not measured here")
                            + ", got "
                            + TableColumn.show(cell));
        }
    }

    private static boolean isNumber(Cell cell) {
        return cell instanceof Cell.Real real && !Double.isNaN(real.value());
    }
}
