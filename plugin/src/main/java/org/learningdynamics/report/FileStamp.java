package org.learningdynamics.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Identity, size and last change of a run file and of its write-ahead log, found without opening
 * them. Whoever commits changes the stamp; a changed stamp does not mean that something was
 * committed.
 *
 * @param file of the file, {@link #ABSENT} if there is none
 * @param log of its write-ahead log
 */
record FileStamp(String file, String log) {
    static final String ABSENT = "absent";

    static FileStamp of(Path run) {
        return new FileStamp(
                attributes(run), attributes(run.resolveSibling(run.getFileName() + "-wal")));
    }

    boolean isAbsent() {
        return file.equals(ABSENT);
    }

    private static String attributes(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
        } catch (IOException e) {
            return ABSENT;
        }
    }
}
