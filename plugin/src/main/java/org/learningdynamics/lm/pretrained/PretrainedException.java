package org.learningdynamics.lm.pretrained;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint that is not what it should be; the message names file, option or tensor, value. */
public final class PretrainedException extends IOException {
    private static final long serialVersionUID = 1;

    PretrainedException(Path file, String problem) {
        super(file + ": " + problem);
    }

    PretrainedException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
