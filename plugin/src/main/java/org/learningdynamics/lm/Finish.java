package org.learningdynamics.lm;

/** Why an answer ended. */
public enum Finish {
    /** The model wrote a token that ends answers. */
    END_TOKEN,

    /** The answer holds a text that ends answers. */
    STOP_TEXT,

    /** The answer has as many tokens as it may have, or the model's positions ended. */
    LENGTH
}
