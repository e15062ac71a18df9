package org.learningdynamics.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Rows sorted by their first column, a whole number, in runs of equal ones; one run in memory. */
final class ExampleRuns implements Iterator<List<Row>> {
    private final Iterator<Row> rows;
    private @Nullable Row next;

    ExampleRuns(Iterator<Row> rows) {
        this.rows = rows;
        next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public List<Row> next() {
        Row first = next;
        if (first == null) {
            throw new NoSuchElementException();
        }
        List<Row> run = new ArrayList<>();
        Row row = first;
        while (row != null && row.getLong(0) == first.getLong(0)) {
            run.add(row);
            row = rows.hasNext() ? rows.next() : null;
        }
        next = row;
        return run;
    }
}
