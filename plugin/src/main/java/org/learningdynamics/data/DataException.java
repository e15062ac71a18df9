package org.learningdynamics.data;

/**
 * Data that cannot be used; the message says where ({@code file:line}), what and why, and is meant
 * to be shown to the user as it is.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message alone.
     *
     * @param message where, what and why
     */
    public DataException(String message) {
        super(message);
    }

    /**
     * With the failure underneath.
     *
     * @param message where, what and why
     * @param cause what failed
     */
    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
