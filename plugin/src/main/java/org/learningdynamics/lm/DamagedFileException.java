package org.learningdynamics.lm;

import java.io.IOException;

/** What is wrong with a file's content; the reader adds the file's name. */
final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedFileException(String message) {
        super(message);
    }

    DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
