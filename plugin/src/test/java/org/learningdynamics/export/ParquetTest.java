package org.learningdynamics.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.learningdynamics.recording.Cell;
import org.learningdynamics.recording.RunFileReader;
import org.learningdynamics.recording.RunTable;

/** What only Parquet has: types, compression, files of other writers, files that are none. */
class ParquetTest {
    @TempDir private Path folder;
    private Path run;
    private Path files;

    @BeforeEach
    void export() throws IOException {
        run = SampleRuns.everything(folder.resolve("run.ldyn"));
        files = folder.resolve("files");
        RunExport.write(run, files, ExportFormat.PARQUET);
    }

    private static List<String> rows(Path file) {
        List<String> rows = new ArrayList<>();
        RunFileReader.open(file)
                .forEachRow(
                        List.of(RunTable.values()), (table, row) -> rows.add(table + " " + row));
        return rows;
    }

    private Path imported() throws IOException {
        return RunImport.read(
                List.of(files), folder.resolve("again.ldyn"), ReferenceOptions.DEFAULT);
    }

    private String refusal() {
        return assertThrows(ExchangeException.class, this::imported).getMessage();
    }

    @Test
    void everyBitComesBack() throws IOException {
        assertEquals(rows(run), rows(imported()));
    }

    @Test
    void columnsAreTypedNamedAndCompressed() throws IOException {
        try (ParquetFileReader file =
                ParquetFileReader.open(
                        new LocalInputFile(files.resolve("influence.parquet")),
                        ParquetReadOptions.builder(new PlainParquetConfiguration())
                                .withCodecFactory(new ParquetCodecs())
                                .build())) {
            String schema = file.getFileMetaData().getSchema().toString();
            assertTrue(schema.contains("required int64 step;"), schema);
            assertTrue(schema.contains("required binary layer (STRING);"), schema);
            assertTrue(schema.contains("required group"), schema);
            for (ColumnChunkMetaData column : file.getFooter().getBlocks().get(0).getColumns()) {
                assertEquals(CompressionCodecName.ZSTD, column.getCodec());
            }
        }
    }

    /** Optional columns and another page format, as other programs write them. */
    @Test
    void readsFilesOfOtherWriters() throws IOException {
        MessageType schema =
                MessageTypeParser.parseMessageType(
                        "message schema { optional binary key (STRING);"
                                + " optional binary value (STRING); }");
        List<List<Cell>> header = new ArrayList<>();
        new ParquetRows(RunTable.HEADER).read(files.resolve("header.parquet"), header::add);
        Files.delete(files.resolve("header.parquet"));
        try (ParquetWriter<Group> out =
                ExampleParquetWriter.builder(new LocalOutputFile(files.resolve("header.parquet")))
                        .withConf(new PlainParquetConfiguration())
                        .withType(schema)
                        .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
                        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                        .build()) {
            for (List<Cell> row : header) {
                Group group = new SimpleGroup(schema);
                group.add("key", ((Cell.Text) row.get(0)).value());
                group.add("value", ((Cell.Text) row.get(1)).value());
                out.write(group);
            }
        }
        assertEquals(rows(run), rows(imported()));
    }

    private void step(String schema, Object... values) throws IOException {
        Path file = files.resolve("step.parquet");
        Files.delete(file);
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (ParquetWriter<Group> out =
                ExampleParquetWriter.builder(new LocalOutputFile(file))
                        .withConf(new PlainParquetConfiguration())
                        .withType(type)
                        .build()) {
            Group group = new SimpleGroup(type);
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Long whole) {
                    group.add(i, whole);
                } else if (values[i] instanceof Double real) {
                    group.add(i, real);
                }
            }
            out.write(group);
        }
    }

    @Test
    void otherColumnsTypesAndValuesAreRefusedByRow() throws IOException {
        String numbers =
                "optional int64 iteration; optional int64 epoch; optional int64 time_ms; optional"
                        + " double loss; optional double learning_rate; optional double grad_norm;"
                        + " optional double step_ms; optional double overhead_ms; }";
        step("message m { required int64 stepp; " + numbers, 0L);
        assertTrue(
                refusal()
                        .contains(
                                "step.parquet:1: columns must be step,iteration,epoch,time_ms,loss"),
                refusal());
        step("message m { required double step; " + numbers, 0.5);
        assertTrue(
                refusal().contains("step.parquet:1: step must be a whole number, got"), refusal());
        step("message m { optional int64 step; " + numbers, "nothing");
        assertTrue(
                refusal()
                        .contains(
                                "step.parquet:1: step must be a whole number from 0 to"
                                        + " 9223372036854775807, got nothing"),
                refusal());
    }

    @Test
    void damagedFilesAreRefusedWithTheirName() throws IOException {
        Path file = files.resolve("likelihood.parquet");
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, i % 3 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            Path again = folder.resolve("damaged.ldyn");
            try {
                RunImport.read(List.of(files), again, ReferenceOptions.DEFAULT);
                Files.delete(again);
            } catch (ExchangeException e) {
                assertTrue(e.getMessage().contains("likelihood.parquet"), e.getMessage());
            }
        }
    }
}
