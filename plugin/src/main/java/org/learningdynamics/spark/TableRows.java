package org.learningdynamics.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.learningdynamics.recording.AttributionRow;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.ExampleRow;
import org.learningdynamics.recording.LikelihoodRow;
import org.learningdynamics.recording.ProbeRow;
import org.learningdynamics.recording.ResponseRow;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.SelfInfluenceRow;
import org.learningdynamics.recording.TableColumn;

/** Tables of a run file as Spark's rows: the same columns under the same names. */
final class TableRows {
    private TableRows() {}

    static StructType schema(RunTable table) {
        StructType schema = new StructType();
        for (TableColumn column : table.columns()) {
            boolean optional = column.type() == org.learningdynamics.recording.ColumnType.REAL;
            schema = schema.add(column.name(), type(column), optional);
        }
        return schema;
    }

    private static DataType type(TableColumn column) {
        return switch (column.type()) {
            case WHOLE -> DataTypes.LongType;
            case REAL -> DataTypes.DoubleType;
            case TEXT -> DataTypes.StringType;
            case FLOATS -> DataTypes.createArrayType(DataTypes.FloatType, false);
        };
    }

    static Row of(ProbeRow row) {
        return RowFactory.create((long) row.probe(), row.digest(), row.setName(), row.prompt());
    }

    static Row of(ResponseRow row) {
        return RowFactory.create((long) row.probe(), row.kind(), row.text(), (long) row.tokens());
    }

    static Row of(ExampleRow row) {
        return RowFactory.create(row.example(), row.digest(), row.prompt());
    }

    static Row of(AttributionRow row) {
        return RowFactory.create(
                row.example(), (long) row.probe(), row.kind(), row.total(), row.recordings());
    }

    static Row of(SelfInfluenceRow row) {
        return RowFactory.create(row.example(), row.total(), row.recordings());
    }

    /** With the number of its block before the columns. */
    static Row of(long block, LikelihoodRow row) {
        return RowFactory.create(
                block,
                row.step(),
                (long) row.probe(),
                row.kind(),
                row.logProb(),
                row.argmaxLogProb(),
                row.restLogProb(),
                row.peakiness(),
                row.gap(),
                row.energy(),
                row.entropy(),
                (long) row.tokens());
    }

    static Row of(List<Cell> cells) {
        List<Object> values = new ArrayList<>();
        for (Cell cell : cells) {
            values.add(value(cell));
        }
        return RowFactory.create(values.toArray());
    }

    @SuppressWarnings("NullAway") // Spark's rows hold null for what is not there
    private static Object value(Cell cell) {
        if (cell instanceof Cell.Whole it) {
            return it.value();
        } else if (cell instanceof Cell.Real it) {
            return it.value();
        } else if (cell instanceof Cell.Text it) {
            return it.value();
        } else if (cell instanceof Cell.Floats) {
            throw new IllegalArgumentException("tables with matrices must stay in run files");
        }
        return null;
    }

    static List<Cell> cells(RunTable table, Row row) {
        List<Cell> cells = new ArrayList<>();
        List<TableColumn> columns = table.columns();
        for (int i = 0; i < columns.size(); i++) {
            cells.add(row.isNullAt(i) ? Cell.Absent.NOT_MEASURED : cell(columns.get(i), row, i));
        }
        return cells;
    }

    private static Cell cell(TableColumn column, Row row, int i) {
        return switch (column.type()) {
            case WHOLE -> new Cell.Whole(row.getLong(i));
            case REAL -> new Cell.Real(row.getDouble(i));
            case TEXT -> new Cell.Text(row.getString(i));
            case FLOATS ->
                    throw new IllegalArgumentException(
                            "tables with matrices must stay in run files");
        };
    }
}
