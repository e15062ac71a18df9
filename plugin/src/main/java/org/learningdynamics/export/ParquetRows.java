package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.ColumnType;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/**
 * Rows of a table from a Parquet file: the columns of {@link ParquetTypes} in their order; optional
 * ones are taken too, as other programs write them.
 */
final class ParquetRows implements RowReader {
    private final List<TableColumn> columns;

    ParquetRows(RunTable table) {
        this.columns = table.columns();
    }

    @Override
    public void read(Path file, Consumer<List<Cell>> action) throws IOException {
        try (ParquetReader<Group> in = open(file)) {
            long row = 1;
            for (Group group = next(in, file, row); group != null; group = next(in, file, row)) {
                Group read = group;
                RowReader.at(file, row, () -> action.accept(row(read)));
                row++;
            }
        }
    }

    private static ParquetReader<Group> open(Path file) throws IOException {
        return new Groups(new LocalInputFile(file)).build();
    }

    /** The library throws all sorts of exceptions at damaged files. */
    private static @Nullable Group next(ParquetReader<Group> in, Path file, long row) {
        try {
            return in.read();
        } catch (IOException | RuntimeException e) {
            throw new ExchangeException(
                    file + ":" + row + ": must be a Parquet file that is whole, got " + e, e);
        }
    }

    private List<Cell> row(Group group) {
        requireColumns(group.getType());
        List<Cell> row = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            boolean absent = group.getFieldRepetitionCount(i) == 0;
            row.add(absent ? Cell.Absent.NOT_MEASURED : cell(columns.get(i), group, i));
        }
        return row;
    }

    private void requireColumns(GroupType type) {
        List<String> expected = columns.stream().map(TableColumn::name).toList();
        List<String> names = type.getFields().stream().map(Type::getName).toList();
        if (!names.equals(expected)) {
            throw new IllegalArgumentException(
                    "columns must be " + String.join(",", expected) + ", got " + names);
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!fits(columns.get(i).type(), type.getType(i))) {
                throw new IllegalArgumentException(
                        expected.get(i)
                                + " must be "
                                + columns.get(i).type()
                                + ", got "
                                + type.getType(i));
            }
        }
    }

    private static boolean fits(ColumnType wanted, Type type) {
        return switch (wanted) {
            case WHOLE -> is(type, PrimitiveTypeName.INT64);
            case REAL -> is(type, PrimitiveTypeName.DOUBLE);
            case TEXT -> is(type, PrimitiveTypeName.BINARY);
            case FLOATS -> isListOfFloats(type);
        };
    }

    private static boolean isListOfFloats(Type type) {
        if (type.isPrimitive() || type.asGroupType().getFieldCount() != 1) {
            return false;
        }
        Type list = type.asGroupType().getType(0);
        return !list.isPrimitive()
                && list.asGroupType().getFieldCount() == 1
                && is(list.asGroupType().getType(0), PrimitiveTypeName.FLOAT);
    }

    private static boolean is(Type type, PrimitiveTypeName name) {
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && type.asPrimitiveType().getPrimitiveTypeName() == name;
    }

    private static Cell cell(TableColumn column, Group group, int i) {
        return switch (column.type()) {
            case WHOLE -> new Cell.Whole(group.getLong(i, 0));
            case REAL -> new Cell.Real(group.getDouble(i, 0));
            case TEXT -> new Cell.Text(group.getString(i, 0));
            case FLOATS -> new Cell.Floats(floats(group.getGroup(i, 0)));
        };
    }

    private static FloatMatrix floats(Group list) {
        float[] values = new float[list.getFieldRepetitionCount(0)];
        for (int k = 0; k < values.length; k++) {
            Group element = list.getGroup(0, k);
            if (element.getFieldRepetitionCount(0) == 0) {
                throw new IllegalArgumentException(
                        "values of a matrix must be numbers, got nothing at index " + k);
            }
            values[k] = element.getFloat(0, 0);
        }
        return FloatMatrix.of(1, values.length, values);
    }

    /** Opens a local file without Hadoop. */
    private static final class Groups extends ParquetReader.Builder<Group> {
        Groups(InputFile file) {
            this(file, new PlainParquetConfiguration());
        }

        private Groups(InputFile file, ParquetConfiguration configuration) {
            super(file, configuration);
            withCodecFactory(new ParquetCodecs());
            usePageChecksumVerification(true);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
