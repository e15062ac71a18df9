package org.learningdynamics.safetensors;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that is written beside its target under another name and moved there when complete. */
final class NewFile implements Closeable {
    private final Path target;
    private final Path temporary;

    /** Fills the file. */
    @FunctionalInterface
    interface Content {
        void write(FileChannel channel) throws IOException;
    }

    private NewFile(Path target) {
        this.target = target;
        temporary =
                target.resolveSibling(
                        "." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Writes all of it and forces it to the disk; the target is as it was. */
    static NewFile write(Path target, Content content) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException(target + " is a directory");
        }
        NewFile file = new NewFile(target.toAbsolutePath());
        boolean complete = false;
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            file.temporary,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE_NEW)) {
                content.write(channel);
                channel.force(true);
            }
            complete = true;
            return file;
        } finally {
            if (!complete) {
                file.close();
            }
        }
    }

    /** Replaces the target. */
    void publish() throws IOException {
        Files.move(
                temporary,
                target,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
