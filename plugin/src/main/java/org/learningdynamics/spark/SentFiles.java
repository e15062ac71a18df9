package org.learningdynamics.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Files that every process of a cluster gets from the driver, without a file system that all see.
 * Spark knows a file by its last name alone, so each is sent as a copy whose name nothing else has.
 */
final class SentFiles implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What Spark calls them, by their own names. */
    private final TreeMap<String, String> sent = new TreeMap<>();

    /** Hands copies to the driver's file server; they go with the driver. */
    static SentFiles of(JavaSparkContext context, Map<String, Path> files) throws IOException {
        SentFiles all = new SentFiles();
        if (files.isEmpty()) {
            return all;
        }
        Path copies = Files.createTempDirectory("ldyn-sent-");
        copies.toFile().deleteOnExit(); // after what is in it, which is named later
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Path copy = copies.resolve(UUID.randomUUID().toString());
            copy.toFile().deleteOnExit();
            Files.copy(file.getValue(), copy);
            context.addFile(copy.toUri().toString());
            all.sent.put(file.getKey(), copy.getFileName().toString());
        }
        return all;
    }

    /** Puts each where its name says. */
    void copyTo(Path folder) throws IOException {
        for (Map.Entry<String, String> file : sent.entrySet()) {
            Path place = folder.resolve(file.getKey());
            Files.createDirectories(place.toAbsolutePath().getParent());
            Files.copy(Path.of(SparkFiles.get(file.getValue())), place);
        }
    }
}
