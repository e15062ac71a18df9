package org.learningdynamics.export;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.learningdynamics.recording.RunTable;
import org.learningdynamics.recording.TableColumn;

/**
 * How columns stand in Parquet: whole numbers as INT64, numbers as optional DOUBLE (absent where
 * nothing was measured, NaN where NaN was), texts as STRING, matrices as LIST of FLOAT.
 */
final class ParquetTypes {
    static final String ENDING = ".parquet";

    private ParquetTypes() {}

    static MessageType of(RunTable table) {
        return new MessageType(
                table.key(), table.columns().stream().map(ParquetTypes::of).toList());
    }

    private static Type of(TableColumn column) {
        return switch (column.type()) {
            case WHOLE -> Types.required(PrimitiveTypeName.INT64).named(column.name());
            case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
            case TEXT ->
                    Types.required(PrimitiveTypeName.BINARY)
                            .as(LogicalTypeAnnotation.stringType())
                            .named(column.name());
            case FLOATS ->
                    Types.requiredList()
                            .requiredElement(PrimitiveTypeName.FLOAT)
                            .named(column.name());
        };
    }
}
