package org.learningdynamics.export;

/**
 * Files that cannot be exported to or imported from; the message says where ({@code file:line}, or
 * the byte offset in an array file), the rule and the value, and is meant to be shown to the user
 * as it is.
 */
public final class ExchangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message alone.
     *
     * @param message where, rule and value
     */
    public ExchangeException(String message) {
        super(message);
    }

    /**
     * With the failure underneath.
     *
     * @param message where, rule and value
     * @param cause what failed
     */
    public ExchangeException(String message, Throwable cause) {
        super(message, cause);
    }
}
