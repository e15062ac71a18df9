package org.learningdynamics.sweep;

/**
 * The place where candidates are trained failed, through no fault of a candidate. The sweep ends;
 * run again, it trains what has no result.
 */
public final class RunnerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what failed and what can be done
     * @param cause what was thrown
     */
    public RunnerException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Makes one.
     *
     * @param message what failed and what can be done
     */
    public RunnerException(String message) {
        super(message);
    }
}
