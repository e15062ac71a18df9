package org.learningdynamics.data;

/** Why one line cannot be used; the reader adds file and line number. */
final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String reason) {
        super(reason);
    }

    BadLineException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** The message, never absent. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
