package org.learningdynamics.lm.template;

/** A template that cannot be read, or that refuses what it was given. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With what is wrong.
     *
     * @param message what is wrong, and where if that is known
     */
    public TemplateException(String message) {
        super(message);
    }
}
