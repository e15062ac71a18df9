package org.learningdynamics.sweep;

/**
 * A sweep's configuration is wrong. The message names the place, the rule and the value; where the
 * text is at hand it begins with {@code line N}.
 */
public final class SweepConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message place, rule and value
     */
    public SweepConfigException(String message) {
        super(message);
    }

    SweepConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
