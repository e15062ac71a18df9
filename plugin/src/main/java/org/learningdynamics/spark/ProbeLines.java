package org.learningdynamics.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.learningdynamics.data.DataException;
import org.learningdynamics.data.JsonLines;
import org.learningdynamics.data.SequenceEncoder;
import org.learningdynamics.data.Truncation;
import scala.Tuple2;

/** The lines of one file, cut at LF alone as the local reader cuts them, with their numbers. */
final class ProbeLines {
    private static final String DELIMITER = "textinputformat.record.delimiter";

    private final JavaSparkContext context;
    private final String file;

    ProbeLines(JavaSparkContext context, String file) {
        this.context = context;
        this.file = file;
        requireFile();
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(file).getFileSystem(context.hadoopConfiguration());
    }

    private void requireFile() {
        try {
            if (!fileSystem().getFileStatus(new Path(file)).isFile()) {
                throw new DataException(file + ": is a directory, a file is needed");
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the file's bytes, read by this process. */
    String sha256() {
        try (InputStream in = fileSystem().open(new Path(file))) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be readable", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Probes as payloads of {@link ReadProbe}, in the order of the file. */
    JavaRDD<byte[]> read(ShippedModel model, Truncation truncation, int tokensPerBatch) {
        Configuration configuration = new Configuration(context.hadoopConfiguration());
        configuration.set(DELIMITER, "\n");
        String name = file;
        return context.newAPIHadoopFile(
                        file, TextInputFormat.class, LongWritable.class, Text.class, configuration)
                .map(line -> line._2().copyBytes())
                .zipWithIndex()
                .mapPartitions(lines -> parse(lines, model, truncation, tokensPerBatch, name));
    }

    private static Iterator<byte[]> parse(
            Iterator<Tuple2<byte[], Long>> lines,
            ShippedModel model,
            Truncation truncation,
            int tokensPerBatch,
            String file) {
        JsonLines reader = LoadedModel.reader(model.folder());
        SequenceEncoder encoder =
                new SequenceEncoder(LoadedModel.tokenizer(model.folder()), truncation);
        List<byte[]> probes = new ArrayList<>();
        while (lines.hasNext()) {
            Tuple2<byte[], Long> line = lines.next();
            ReadProbe.of(reader, encoder, tokensPerBatch, file, line._2() + 1, line._1())
                    .forEach(probe -> probes.add(Payload.of(probe)));
        }
        return probes.iterator();
    }
}
