package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.FloatMatrix;
import org.learningdynamics.recording.RunTable;

/** A table as Parquet, columns as {@link ParquetTypes} says, compressed with Zstandard. */
final class ParquetSink implements TableSink {
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private final MessageType type;
    private final ParquetWriter<Group> out;

    ParquetSink(Path folder, RunTable table) throws IOException {
        type = ParquetTypes.of(table);
        Path file = folder.resolve(table.key() + ParquetTypes.ENDING);
        out =
                ExampleParquetWriter.builder(new LocalOutputFile(file))
                        .withConf(new PlainParquetConfiguration())
                        .withType(type)
                        .withCodecFactory(new ParquetCodecs())
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withRowGroupSize(ROW_GROUP_BYTES)
                        .build();
    }

    @Override
    public void row(List<Cell> row) throws IOException {
        Group group = new SimpleGroup(type);
        for (int i = 0; i < row.size(); i++) {
            add(group, i, row.get(i));
        }
        out.write(group);
    }

    private static void add(Group group, int column, Cell cell) {
        if (cell instanceof Cell.Whole it) {
            group.add(column, it.value());
        } else if (cell instanceof Cell.Real it) {
            group.add(column, it.value());
        } else if (cell instanceof Cell.Text it) {
            group.add(column, it.value());
        } else if (cell instanceof Cell.Floats it) {
            addAll(group.addGroup(column), it.values());
        }
    }

    private static void addAll(Group list, FloatMatrix values) {
        for (int i = 0; i < values.columns(); i++) {
            list.addGroup(0).add(0, values.get(0, i));
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
