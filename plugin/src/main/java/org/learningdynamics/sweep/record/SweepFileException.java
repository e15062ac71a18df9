package org.learningdynamics.sweep.record;

import java.nio.file.Path;

/**
 * A sweep file cannot be used: it is missing, damaged, of another configuration or being written
 * elsewhere. The message names file, rule and value.
 */
public final class SweepFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SweepFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    SweepFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
