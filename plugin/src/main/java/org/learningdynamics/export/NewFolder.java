package org.learningdynamics.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder that is filled beside its target under a name that begins with a dot and gets its own
 * name when it is complete; until then there is no target.
 */
final class NewFolder implements AutoCloseable {
    private final Path target;
    private final Path temporary;

    private NewFolder(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    static NewFolder beside(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        requireNone(absolute);
        String name = "." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp";
        Path temporary = absolute.resolveSibling(name);
        Files.createDirectories(temporary);
        return new NewFolder(absolute, temporary);
    }

    private static void requireNone(Path target) throws FileAlreadyExistsException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    /** Where to put files. */
    Path path() {
        return temporary;
    }

    /** Gives the folder its name; returns its files, sorted. */
    List<Path> publish() throws IOException {
        requireNone(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> files = Files.list(target)) {
            return files.sorted().toList();
        }
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
        if (!Files.exists(temporary)) {
            return;
        }
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
