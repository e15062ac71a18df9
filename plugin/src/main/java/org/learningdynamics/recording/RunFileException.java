package org.learningdynamics.recording;

import java.nio.file.Path;

/**
 * A run file cannot be used: it is missing, damaged, of another format, belongs to another run or
 * is being written elsewhere. The message is one sentence that names the file, the rule and the
 * value that broke it.
 */
public final class RunFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param path the run file
     * @param problem the rule that it breaks, with the value
     */
    public RunFileException(Path path, String problem) {
        super(path + ": " + problem);
    }

    RunFileException(Path path, String problem, Throwable cause) {
        super(path + ": " + problem, cause);
    }
}
