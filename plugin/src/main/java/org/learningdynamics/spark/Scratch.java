package org.learningdynamics.spark;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/** A folder of one task, in the process's own folder, which the cluster cleans up after a kill. */
record Scratch(Path folder) implements AutoCloseable {
    static Scratch create(String name) throws IOException {
        Path root = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath();
        return new Scratch(Files.createTempDirectory(root, name + "-"));
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes what)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
